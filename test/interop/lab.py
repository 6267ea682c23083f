# SPDX-License-Identifier: GPL-2.0-only
"""Network namespaces, real OSPF daemons and karp-ospf-live in them, for test_interop.py.

Everything is made by the test and goes with it: namespaces have names with the process id in them,
daemons keep their files in a folder of the test's, and only processes started here are ended."""

import ctypes
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time

FRR = '/usr/lib/frr'
LIVE = os.path.join(os.environ.get('KARP_BUILD', 'build'), 'karp-ospf-live')
PASSIVE = "stub yes"  # what BIRD calls an interface on which it speaks to nobody
NICE = -10  # a busy machine must not make neighbours look dead
NEIGHBOR = re.compile(r'^(\d+\.\d+\.\d+\.\d+)\s+\d+\s+([\w-]+)/', re.M)  # of either daemon
ALGORITHMS = {  # what karp calls it: what BIRD calls it
    'keyed-md5': 'keyed md5',
    'hmac-sha1': 'hmac sha1',
    'hmac-sha256': 'hmac sha256',
    'hmac-sha384': 'hmac sha384',
    'hmac-sha512': 'hmac sha512',
}


class Failure(Exception):
    """What a command or a wait came to."""


def run(*words, check=True):
    """Runs a command; returns what it printed."""
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors='replace', check=False,
                          timeout=60)
    if check and done.returncode != 0:
        raise Failure('%s: exit code %d\n%s' % (' '.join(words), done.returncode, done.stdout))
    return done.stdout


def enter(descriptor):
    """Puts the calling thread into a network namespace."""
    if ctypes.CDLL(None, use_errno=True).setns(descriptor, 0x40000000) != 0:
        raise OSError(ctypes.get_errno(), 'setns')


def wanting():
    """Returns why no lab can be made here, or nothing."""
    if not shutil.which('ip'):
        return 'there is no ip (Debian package: iproute2)'
    if not os.path.exists(LIVE):
        return 'karp-ospf-live was not built (ns-3 without module fd-net-device?)'
    name = 'karp%d-trial' % os.getpid()
    try:
        run('ip', 'netns', 'add', name)
    except (Failure, OSError, subprocess.TimeoutExpired) as failure:
        return 'no network namespaces can be made here: %s' % str(failure).strip()
    try:
        run('ip', '-n', name, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth1')
        run('ip', '-n', name, 'link', 'add', 'br0', 'type', 'bridge')
    except Failure as failure:
        return 'no veth or bridge can be made here: %s' % str(failure).strip()
    finally:
        run('ip', 'netns', 'del', name, check=False)
    return ''


def wait(what, question, seconds):
    """Asks again and again until the answer is true; returns it."""
    end = time.monotonic() + seconds
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > end:
            raise Failure('not within %d s: %s' % (seconds, what))
        time.sleep(0.1)


class Lab:
    """Some namespaces, what runs in them, and a folder."""

    count = 0
    lock = threading.Lock()

    def __init__(self):
        with Lab.lock:
            Lab.count += 1
            self.prefix = 'karp%d-%d-' % (os.getpid(), Lab.count)
        self.folder = tempfile.mkdtemp(prefix='karp-interop-')
        self.names = []
        self.processes = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            self.end(process)
        for name in self.names:
            run('ip', 'netns', 'del', name, check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, name):
        """Returns where a file of this lab lies."""
        return os.path.join(self.folder, name)

    def netns(self, name):
        """Makes a namespace; returns its full name."""
        full = self.prefix + name
        run('ip', 'netns', 'add', full)
        self.names.append(full)
        run('ip', '-n', full, 'link', 'set', 'lo', 'up')
        for knob in ('ip_forward=1', 'conf.all.rp_filter=0', 'conf.default.rp_filter=0'):
            run('ip', 'netns', 'exec', full, 'sysctl', '-q', '-w', 'net.ipv4.' + knob, check=False)
        return full

    def link(self, left, right, left_name='eth0', right_name='eth0'):
        """Joins two namespaces by a cable."""
        run('ip', 'link', 'add', left_name, 'netns', left, 'type', 'veth',
            'peer', 'name', right_name, 'netns', right)
        for netns, name in ((left, left_name), (right, right_name)):
            run('ip', '-n', netns, 'link', 'set', name, 'up')
            if shutil.which('ethtool'):  # nobody else computes the checksums of TCP and UDP
                run('ip', 'netns', 'exec', netns, 'ethtool', '-K', name, 'tx', 'off', check=False)

    def address(self, netns, name, address):
        """Gives an interface an address."""
        run('ip', '-n', netns, 'addr', 'add', address, 'dev', name)

    def lan(self, netns, address):
        """Gives a namespace a network of its own, behind it."""
        run('ip', '-n', netns, 'link', 'add', 'lan0', 'type', 'veth', 'peer', 'name', 'lan1')
        for name in ('lan0', 'lan1'):
            run('ip', '-n', netns, 'link', 'set', name, 'up')
        self.address(netns, 'lan0', address)

    def start(self, netns, words, log):
        """Starts a program in a namespace, if one is named; its output goes to a file."""
        before = ['ip', 'netns', 'exec', netns] if netns else []
        with open(self.path(log), 'wb') as out:
            process = subprocess.Popen(before + words, stdin=subprocess.DEVNULL, stdout=out,
                                       stderr=subprocess.STDOUT, cwd=self.folder,
                                       start_new_session=True,
                                       env=dict(os.environ, TZ='UTC', LC_ALL='C'))
        try:
            os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
        except PermissionError:
            pass  # then at the usual one
        self.processes.append(process)
        return process

    def end(self, process, how=signal.SIGTERM):
        """Ends a process that was started here, at once or by asking."""
        if process.poll() is None:
            process.send_signal(how)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        return process.returncode

    def read(self, name):
        """Returns what is in a file."""
        try:
            with open(self.path(name), encoding='utf-8', errors='replace') as handle:
                return handle.read()
        except FileNotFoundError:
            return ''

    def ping(self, netns, source, destination):
        """Returns how many of 5 echo requests were answered."""
        text = run('ip', 'netns', 'exec', netns, 'ping', '-n', '-c', '5', '-i', '0.2', '-W', '2',
                   '-I', source, destination, check=False)
        found = re.search(r'(\d+) received', text)
        return int(found[1]) if found else 0


class Live:
    """A karp-ospf-live."""

    def __init__(self, lab, name, options):
        self.lab = lab
        self.log = name + '.log'
        self.options = options
        # It enters the namespaces itself.
        self.process = lab.start('', [LIVE] + options, self.log)

    def lines(self):
        """Returns what it said so far."""
        return self.lab.read(self.log).splitlines()

    def states(self, neighbor):
        """Returns the states that a neighbour went through."""
        pattern = re.compile(r'neighbour %s  (\S+) -> (\S+)$' % re.escape(neighbor))
        return [found[2] for found in map(pattern.search, self.lines()) if found]

    def is_full(self, neighbor):
        """Returns whether a neighbour is Full now."""
        return self.states(neighbor)[-1:] == ['Full']

    def routes(self):
        """Returns the routing table of r0 as {network: line}."""
        table = {}
        for line in self.lines():
            found = re.search(r'route (is|was) (\S+) (.*)$', line)
            if found and found[1] == 'is':
                table[found[2]] = found[3]
            elif found:
                table.pop(found[2], None)
        return table

    def end(self, how=signal.SIGTERM):
        """Ends it; returns its exit code."""
        return self.lab.end(self.process, how)


class Bird:
    """A BIRD with one OSPF interface, eth0, and a LAN."""

    def __init__(self, lab, netns, router_id, auth='', kind='broadcast', area='0.0.0.0'):
        self.lab = lab
        self.netns = netns
        self.router_id = router_id
        self.kind = kind
        self.area = area
        self.statics = []
        self.name = netns.rsplit('-', 1)[-1] + '-bird'
        self.write(auth)
        self.process = None
        self.start()

    def start(self):
        """Starts it, with the configuration that was written last."""
        lab, netns = self.lab, self.netns
        self.process = lab.start(netns, [shutil.which('bird'), '-f',
                                         '-c', lab.path(self.name + '.conf'),
                                         '-s', lab.path(self.name + '.ctl'),
                                         '-P', lab.path(self.name + '.pid')], self.name + '.out')
        wait('BIRD answers', lambda: 'up and running' in self.ask('show', 'status'), 20)

    def write(self, auth):
        """Writes its configuration."""
        with open(self.lab.path(self.name + '.conf'), 'w', encoding='ascii') as conf:
            conf.write('''
log "%s" all;
router id %s;
timeformat protocol "%%Y-%%m-%%d %%T.%%f";
protocol device { scan time 10; }
protocol kernel { ipv4 { import none; export all; }; }
protocol static {
  ipv4;
%s}
protocol ospf v2 ospf1 {
  debug { states, events };
  ipv4 { import all; export where source = RTS_STATIC; };
  area %s {
    interface "eth0" {
      type %s; hello 1; dead 4; wait 4; retransmit 2; cost 10;
%s
    };
%s
    interface "lan0" { %s; cost 10; };
  };
}
''' % (self.lab.path(self.name + '.log'), self.router_id,
       ''.join('  route %s blackhole;\n' % network for network in self.statics),
       self.area, self.kind, auth,
       '' if self.area == '0.0.0.0' else '  };\n  area 0.0.0.0 {', PASSIVE))

    def ask(self, *words):
        """Returns what birdc says."""
        return run('birdc', '-s', self.lab.path(self.name + '.ctl'), *words, check=False)

    def configure(self, auth):
        """Gives it another configuration, while it runs."""
        self.write(auth)
        text = self.ask('configure')
        if 'Reconfigured' not in text:
            raise Failure('birdc configure: ' + text)

    def neighbors(self):
        """Returns {Router ID: state}."""
        return dict(NEIGHBOR.findall(self.ask('show', 'ospf', 'neighbors')))

    def is_full(self, neighbor):
        """Returns whether a neighbour, by its Router ID, is Full."""
        return self.neighbors().get(neighbor) == 'Full'

    def routes(self):
        """Returns {network: cost} of its OSPF routes."""
        text = self.ask('show', 'route', 'protocol', 'ospf1')
        return {net: int(cost) for net, cost in
                re.findall(r'^(\d\S+)\s.*\(\d+/(\d+)(?:/\d+)?\)', text, re.M)}

    def log(self):
        """Returns its log."""
        return self.lab.read(self.name + '.log')


class Frr:
    """zebra and ospfd of FRR, with one OSPF interface, eth0, and a LAN."""

    def __init__(self, lab, netns, router_id, auth, kind, network, lan):
        self.lab = lab
        # FRR's daemons insist on a user of theirs, who must get at the folder.
        self.folder = lab.path(netns + '-frr')
        os.makedirs(self.folder)
        os.chmod(lab.folder, 0o711)
        shutil.chown(self.folder, 'frr', 'frr')
        point = 'point-to-point' if kind == 'point-to-point' else 'broadcast'
        with open(os.path.join(self.folder, 'ospfd.conf'), 'w', encoding='ascii') as conf:
            conf.write('''
log file %s/ospfd.log debugging
interface eth0
 ip ospf network %s
 ip ospf hello-interval 1
 ip ospf dead-interval 4
 ip ospf retransmit-interval 3
 ip ospf cost 10
%s
interface lan0
 ip ospf cost 10
router ospf
 ospf router-id %s
 passive-interface lan0
 timers throttle spf 50 100 500
 network %s area 0.0.0.0
 network %s area 0.0.0.0
''' % (self.folder, point, auth, router_id, network, lan))
        with open(os.path.join(self.folder, 'zebra.conf'), 'w', encoding='ascii') as conf:
            conf.write('log file %s/zebra.log\n' % self.folder)
        for daemon in ('zebra', 'ospfd'):
            lab.start(netns, [os.path.join(FRR, daemon), '-A', '127.0.0.1',
                              '-f', os.path.join(self.folder, daemon + '.conf'),
                              '-i', os.path.join(self.folder, daemon + '.pid'),
                              '-z', os.path.join(self.folder, 'zserv'),
                              '--vty_socket', self.folder], '%s-%s.out' % (netns, daemon))
            wait(daemon + ' answers',
                 lambda name=daemon: os.path.exists(os.path.join(self.folder, name + '.vty')), 20)

    def ask(self, command):
        """Returns what vtysh says."""
        return run('vtysh', '--vty_socket', self.folder, '-d', 'ospfd', '-c', command, check=False)

    def neighbors(self):
        """Returns {Router ID: state}."""
        return dict(NEIGHBOR.findall(self.ask('show ip ospf neighbor')))

    def is_full(self, neighbor):
        """Returns whether a neighbour, by its Router ID, is Full."""
        return self.neighbors().get(neighbor) == 'Full'

    def routes(self):
        """Returns {network: cost} of its OSPF routes."""
        text = self.ask('show ip ospf route')
        return {net: int(cost) for net, cost in
                re.findall(r'^N\s+(?:IA\s+|E\d\s+)?(\d\S+)\s+\[(\d+)(?:/\d+)?\]', text, re.M)}

    def log(self):
        """Returns its log."""
        return self.lab.read(os.path.join(self.folder, 'ospfd.log'))
