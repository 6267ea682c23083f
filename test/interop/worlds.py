# SPDX-License-Identifier: GPL-2.0-only
"""The stories of suite karp-interop: each is played in namespaces of its own, and returns what was
seen; test_interop.py judges.

    daemon (LAN 10.50.0.0/24) -- 10.1.0.0/24 -- r0, simulated routers, rN -- 10.2.0.0/24 -- BIRD
"""

import datetime
import os
import re
import signal
import socket
import time

import lab
from capture import damage, faults, tshark

NEAR, LIVE, FAR, LAST = '10.1.0.1', '10.1.0.2', '10.2.0.1', '10.2.0.2'
NEAR_LAN, FAR_LAN = '10.50.0.0/24', '10.60.0.0/24'
KEY = 'correct horse'  # 13 octets: every algorithm takes it
FULL_IN = 30  # seconds; Hello 1 s and dead 4 s make it 5 on a quiet machine
TIMERS = ['--hello=1', '--dead=4', '--ns3::karp::OspfApplication::RxmtInterval=2s']
EXTERNAL = '192.0.2.0/24'


def bird_auth(algorithm, key=KEY, key_id=1, more=''):
    """Returns the lines of BIRD's configuration for one key."""
    if algorithm == 'none':
        return ''
    return '      authentication cryptographic; password "%s" { id %d; algorithm %s; %s };' % (
        key, key_id, lab.ALGORITHMS[algorithm], more)


def live_auth(algorithm):
    """Returns the options of karp-ospf-live for one key."""
    return ['--auth=' + algorithm] + ([] if algorithm == 'none' else ['--key=' + KEY])


def near_network(test_lab):
    """Makes the namespaces of a daemon and of the simulation, and the cable between them."""
    near = test_lab.netns('r')
    inside = test_lab.netns('s')
    test_lab.link(near, inside)
    test_lab.address(near, 'eth0', NEAR + '/24')
    test_lab.lan(near, '10.50.0.1/24')
    return near, inside


def far_network(test_lab):
    """The same for the daemon at the other end: only the simulation joins the two."""
    far = test_lab.netns('f')
    inside = test_lab.netns('t')
    test_lab.link(far, inside)
    test_lab.address(far, 'eth0', FAR + '/24')
    test_lab.lan(far, '10.60.0.1/24')
    return far, inside


def agree(near, live, networks):
    """Returns whether both know that many networks, and the same ones."""
    return len(live.routes()) == networks and set(live.routes()) == set(near.routes())


def bird_database(bird, area='0.0.0.0'):
    """Returns the LSAs that BIRD holds: type, ID, originator, number, checksum."""
    text = bird.ask('show', 'ospf', 'lsadb')
    parts = re.split(r'^(Area \S+|Global)$', text, flags=re.M)
    found = []
    for title, part in zip(parts[1::2], parts[2::2]):
        if title in ('Area ' + area, 'Global'):
            found += re.findall(r'^ (\w{4})\s+(\S+)\s+(\S+)\s+(\w{8})\s+\d+\s+(\w{4})\s*$',
                                part, re.M)
    return set(found)


def live_database(live):
    """Returns the same of r0, once it has ended."""
    return set(re.findall(r'^  (\w{4})\s+(\S+)\s+(\S+)\s+(\w{8})\s+\d+\s+(\w{4})$',
                          '\n'.join(live.lines()), re.M))


def ordinary(daemon, algorithm, kind='broadcast', options=(), networks=10, far=False,
             router_id=LIVE, area='0.0.0.0'):
    """Lets a daemon and the simulation become neighbours; returns what was seen."""
    with lab.Lab() as world:
        near_ns, inside = near_network(world)
        options = list(options) + TIMERS + live_auth(algorithm) + [
            '--netns=' + inside, '--interface=eth0', '--address=%s/24' % LIVE,
            '--router-id=' + router_id, '--area=' + area,
            '--network-type=' + kind, '--pcap=' + world.path('live')]
        bird_kind = 'ptp' if kind == 'point-to-point' else 'broadcast'
        if daemon == 'bird':
            near = lab.Bird(world, near_ns, NEAR, bird_auth(algorithm), bird_kind, area)
        else:
            auth = (' ip ospf authentication message-digest\n'
                    ' ip ospf message-digest-key 1 md5 ' + KEY.replace(' ', '-'))
            near = lab.Frr(world, near_ns, NEAR, auth, kind, '10.1.0.0/24', NEAR_LAN)
            options = [word.replace(KEY, KEY.replace(' ', '-')) for word in options]
        if far:
            far_ns, inside = far_network(world)
            options += ['--far-netns=' + inside, '--far-interface=eth0',
                        '--far-address=%s/24' % LAST]
            key = KEY.replace(' ', '-') if daemon == 'frr' else KEY
            other = lab.Bird(world, far_ns, FAR, bird_auth(algorithm, key), bird_kind)
        live = lab.Live(world, 'live', options)
        seen = {'pings': {}}
        try:
            lab.wait('Full on both sides', lambda: near.is_full(router_id) and live.is_full(NEAR),
                     FULL_IN)
            lab.wait('the same networks', lambda: agree(near, live, networks), FULL_IN)
            if far:
                lab.wait('Full at the far end', lambda: any(
                    state == 'Full' for state in other.neighbors().values()), FULL_IN)
                lab.wait('a way through at the far end', lambda: NEAR_LAN in other.routes(),
                         FULL_IN)
                seen['pings']['through'] = world.ping(near_ns, '10.50.0.1', '10.60.0.1')
                seen['pings']['back'] = world.ping(far_ns, '10.60.0.1', '10.50.0.1')
            last = sorted(net for net in live.routes() if re.match(r'10\.100\.\d\.0/24', net))[-1]
            seen['pings']['last'] = world.ping(near_ns, '10.50.0.1', last.replace('.0/24', '.1'))
            lab.wait('still the same networks', lambda: agree(near, live, networks), FULL_IN)
        except lab.Failure as failure:
            raise lab.Failure('%s\n--- daemon\n%s\n%s\n--- karp-ospf-live\n%s' % (
                failure, near.neighbors(), near.log()[-2000:],
                '\n'.join(live.lines()[-40:]))) from failure
        seen['near'], seen['live'] = near.routes(), live.routes()
        if daemon == 'bird':
            seen['database'] = bird_database(near, area)
        seen['code'] = live.end()
        if far:
            seen['ping without'] = world.ping(near_ns, '10.50.0.1', '10.60.0.1')
        text = '\n'.join(live.lines())
        seen['own database'] = live_database(live)
        seen['states'] = live.states(NEAR)
        seen['refused'] = set(re.findall(r'^refused \d+ packets: (\S+)', text, re.M))
        seen['faults'], seen['packets'] = faults(world)
        if algorithm == 'none' and seen['faults'] is not None:
            seen['damaged'] = damage(world, world.path('live-0-1.pcap'))
        return seen


ORDINARY = {
    'bird none': dict(daemon='bird', algorithm='none', kind='point-to-point',
                      options=['--routers=4'], networks=10),
    'bird keyed-md5': dict(daemon='bird', algorithm='keyed-md5', networks=10),
    'bird hmac-sha1': dict(daemon='bird', algorithm='hmac-sha1', networks=16,
                           options=['--routers=6', '--topology=grid', '--inner-area=0.0.0.1',
                                    '--external=' + EXTERNAL]),
    'bird hmac-sha256': dict(daemon='bird', algorithm='hmac-sha256', networks=9, far=True,
                             options=['--routers=3', '--topology=chain']),
    'bird hmac-sha384': dict(daemon='bird', algorithm='hmac-sha384', networks=12,
                             router_id='10.0.0.9', options=['--routers=5', '--priority=0']),
    'bird hmac-sha512': dict(daemon='bird', algorithm='hmac-sha512', networks=23,
                             options=['--routers=9', '--topology=grid', '--priority=9']),
    'bird area': dict(daemon='bird', algorithm='hmac-sha256', area='0.0.0.7', networks=10),
    'frr broadcast': dict(daemon='frr', algorithm='keyed-md5', networks=9, far=True,
                          options=['--routers=3', '--topology=chain']),
    'frr point-to-point': dict(daemon='frr', algorithm='keyed-md5', kind='point-to-point',
                               networks=16,
                               options=['--routers=6', '--topology=grid',
                                        '--inner-area=0.0.0.1', '--external=' + EXTERNAL]),
}


# ---- rollovers

ROLLOVERS = 10
PERIOD = 3  # seconds from one key to the next
LEAD = 2  # seconds that a key is accepted before it is sent with


def rollover_key(i, start):
    """Returns key i as (Key ID, algorithm, key, four lifetimes in seconds since 1970)."""
    algorithm = sorted(lab.ALGORITHMS)[i % len(lab.ALGORITHMS)]
    send = start + PERIOD * i
    return (10 + i, algorithm, 'key number %d' % i,
            send - LEAD, send, send + PERIOD + LEAD, send + PERIOD + 2 * LEAD)


def rows_for_bird(rows):
    """Returns rows as BIRD writes them."""
    def date(seconds):
        return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime(
            '"%Y-%m-%d %H:%M:%S"')
    return '      authentication cryptographic;\n' + '\n'.join(
        '      password "%s" { id %d; algorithm %s; accept from %s; generate from %s; '
        'generate to %s; accept to %s; };' % ((key, key_id, lab.ALGORITHMS[algorithm])
                                              + tuple(map(date, times)))
        for key_id, algorithm, key, *times in rows)


def rows_for_live(rows):
    """Returns rows as karp-ospf-live reads them."""
    return 'keys:\n' + ''.join(
        '  - {id: %d, algorithm: %s, key: %s, accept-start: %d, send-start: %d, send-end: %d, '
        'accept-end: %d}\n' % ((key_id, algorithm, key) + tuple(times))
        for key_id, algorithm, key, *times in rows)


def write(path, text):
    """Puts a text into a file, at once."""
    with open(path + '.new', 'w', encoding='ascii') as handle:
        handle.write(text)
    os.rename(path + '.new', path)


def rollover():
    """Changes the key ten times, three rows at a time in both tables; returns what was seen."""
    with lab.Lab() as world:
        near_ns, inside = near_network(world)
        always = [rollover_key(0, 0)[:3] + (10 ** 9, 10 ** 9, 2 * 10 ** 9, 2 * 10 ** 9)]
        write(world.path('keys.yaml'), rows_for_live(always))
        near = lab.Bird(world, near_ns, NEAR, rows_for_bird(always))
        live = lab.Live(world, 'live', TIMERS + [
            '--netns=' + inside, '--interface=eth0', '--address=%s/24' % LIVE, '--auth=hmac-sha256',
            '--keys=' + world.path('keys.yaml'), '--pcap=' + world.path('live'), '--routers=2'])
        lab.wait('Full on both sides', lambda: near.is_full(LIVE) and live.is_full(NEAR), FULL_IN)
        mark = len(near.log())
        states = len(live.states(NEAR))
        start = int(time.time()) + 3
        keys = [rollover_key(i, start) for i in range(ROLLOVERS + 1)]
        # The first one is good from long ago, the last one for long.
        keys[0] = keys[0][:3] + (start - 1000, start - 900) + keys[0][5:]
        keys[-1] = keys[-1][:5] + (start + 1000, start + 1100)
        for i in range(ROLLOVERS + 1):
            # Well before key i+1 is accepted anywhere, both have it.
            time.sleep(max(0.0, start + PERIOD * i - LEAD - time.time()))
            rows = keys[max(0, i - 1):i + 2]
            near.configure(rows_for_bird(rows))
            write(world.path('keys.yaml'), rows_for_live(rows))
        time.sleep(max(0.0, start + PERIOD * ROLLOVERS + 3 - time.time()))
        seen = {'full': near.is_full(LIVE) and live.is_full(NEAR),
                'bird': re.findall(r'changed state from Full.*', near.log()[mark:]),
                'live': live.states(NEAR)[states:], 'code': live.end(),
                'lines': live.lines(), 'reloads': near.log().count('Reconfigured')}
        seen['faults'], seen['packets'] = faults(world)
        if seen['faults'] is not None:
            fields = [line.split('\t') for line in tshark(
                world.path('live-0-1.pcap'), '-Y', 'ospf', '-T', 'fields',
                '-e', 'ip.src', '-e', 'ospf.auth.crypt.key_id').splitlines()]
            seen['ids'] = {who: sorted({int(key, 0) for source, key in fields if source == who})
                           for who in (NEAR, LIVE)}
        return seen


# ---- restarts

def restart():
    """Many routes come and go, and either side starts again; returns what was seen."""
    with lab.Lab() as world:
        near_ns, inside = near_network(world)
        options = TIMERS + live_auth('hmac-sha512') + [
            '--netns=' + inside, '--interface=eth0', '--address=%s/24' % LIVE, '--routers=36',
            '--topology=grid', '--pcap=' + world.path('live')]
        inner = 36 + 60 + 2  # networks
        seen = {'steps': []}
        near = lab.Bird(world, near_ns, NEAR, bird_auth('hmac-sha512'))

        def tell(externals):
            """Lets BIRD bring in some routes."""
            near.statics = ['172.16.%d.0/24' % i for i in range(externals)]
            near.configure(bird_auth('hmac-sha512'))

        def settle(live, what, externals):
            """Waits for Full, and the same networks on both sides."""
            def is_settled():
                ours = set(live.routes())
                theirs = set(near.routes()) | set(near.statics)
                return (near.is_full(LIVE) and live.is_full(NEAR) and ours == theirs
                        and len(ours) == inner + externals)
            lab.wait(what, is_settled, FULL_IN)
            seen['steps'].append(what)

        tell(120)
        live = lab.Live(world, 'first', options)
        settle(live, 'many', 120)
        tell(10)
        settle(live, 'few', 10)
        # At once: BIRD still has the neighbour, and numbers and LSAs of its former life.
        live.end(signal.SIGKILL)
        mark = len(near.log())
        live = lab.Live(world, 'second', options)
        settle(live, 'again at once', 10)
        seen['refused by bird'] = re.findall(r'<AUTH>.*', near.log()[mark:])
        world.end(near.process, signal.SIGKILL)
        near.start()
        settle(live, 'BIRD again', 10)
        time.sleep(3)  # the last acknowledgments
        seen['database'] = bird_database(near)
        seen['code'] = live.end()
        seen['own database'] = live_database(live)
        seen['faults'], seen['packets'] = faults(world)
        return seen


def extended():
    """Two simulations, as nobody else speaks AuType 3; returns what was seen."""
    with lab.Lab() as world:
        spaces = [world.netns(name) for name in ('a', 'b')]
        world.link(*spaces)
        lives = [lab.Live(world, 'live%d' % i, TIMERS + [
            '--netns=' + spaces[i], '--interface=eth0', '--address=10.1.0.%d/24' % (i + 1),
            '--inner=10.%d.0.0' % (100 + i), '--routers=3', '--auth=hmac-sha384', '--extended',
            '--key=' + KEY, '--pcap=' + world.path('live%d' % i)]) for i in range(2)]
        lab.wait('Full on both sides', lambda: lives[0].is_full(LIVE) and lives[1].is_full(NEAR),
                 FULL_IN)
        lab.wait('the same networks', lambda: set(lives[0].routes()) == set(lives[1].routes())
                 and len(lives[0].routes()) == 13, FULL_IN)
        # One starts again at once, and the other has not forgotten its numbers.
        lives[1].end(signal.SIGKILL)
        before = len(lives[0].lines())
        lives[1] = lab.Live(world, 'again', lives[1].options)
        lab.wait('Full again', lambda: lives[1].is_full(NEAR) and lives[0].is_full(LIVE), FULL_IN)
        lab.wait('the same networks again', lambda: set(lives[0].routes()) == set(lives[1].routes())
                 and len(lives[0].routes()) == 13, FULL_IN)
        time.sleep(3)
        seen = {'later': lives[0].lines()[before:],
                'codes': [live.end() for live in lives]}
        seen['database'], seen['own database'] = map(live_database, lives)
        types = tshark(world.path('live0-0-1.pcap'), '-Y', 'ospf', '-T', 'fields', '-e',
                       'ospf.auth.type') if faults(world)[0] is not None else '3'
        seen['types'] = set(types.split())
        return seen


# ---- replay

class Tap:
    """A packet socket in a namespace: hears frames, and sends them again."""

    def __init__(self, netns, name):
        here = os.open('/proc/self/ns/net', os.O_RDONLY)
        there = os.open('/var/run/netns/' + netns, os.O_RDONLY)
        try:
            lab.enter(there)
            self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
            self.socket.bind((name, 0))
        finally:
            lab.enter(here)
            os.close(here)
            os.close(there)
        self.socket.settimeout(0.2)

    def close(self):
        """Hears no more."""
        self.socket.close()

    def hello_of(self, source, seconds):
        """Returns the first Hello of a router."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                frame = self.socket.recv(2048)
            except TimeoutError:
                continue
            if frame[12:14] == b'\x08\x00' and frame[23] == 89 and frame[35] == 1 \
                    and frame[26:30] == socket.inet_aton(source):
                return frame
        raise lab.Failure('no Hello of ' + source)

    def send(self, frame):
        """Sends a frame."""
        self.socket.send(frame)


def bridged(world, names):
    """Makes namespaces on one bridge; returns what they are called."""
    switch = world.netns('sw')
    lab.run('ip', '-n', switch, 'link', 'add', 'br0', 'type', 'bridge', 'mcast_snooping', '0')
    lab.run('ip', '-n', switch, 'link', 'set', 'br0', 'up')
    spaces = {}
    for port, name in enumerate(names):
        spaces[name] = world.netns(name)
        world.link(spaces[name], switch, 'eth0', 'p%d' % port)
        lab.run('ip', '-n', switch, 'link', 'set', 'p%d' % port, 'master', 'br0')
    return spaces


def replay():
    """A router that is gone, its Hello, and two that hear it: BIRD and the simulation."""
    gone = '10.1.0.3'
    with lab.Lab() as world:
        spaces = bridged(world, ('r', 's', 'v', 'tap'))
        for name, address in (('r', NEAR), ('v', gone)):
            world.address(spaces[name], 'eth0', address + '/24')
            world.lan(spaces[name], '10.5%s.0.1/24' % address[-1])
        world.address(spaces['tap'], 'eth0', '10.1.0.9/24')
        write(world.path('keys.yaml'), 'keys:\n  - {id: 1, algorithm: hmac-sha256, key: old}\n')
        near = lab.Bird(world, spaces['r'], NEAR, bird_auth('hmac-sha256', 'old'))
        victim = lab.Bird(world, spaces['v'], gone, bird_auth('hmac-sha256', 'old'))
        live = lab.Live(world, 'live', TIMERS + [
            '--netns=' + spaces['s'], '--interface=eth0', '--address=%s/24' % LIVE,
            '--auth=hmac-sha256', '--keys=' + world.path('keys.yaml'), '--routers=2',
            '--pcap=' + world.path('live')])
        tap = Tap(spaces['tap'], 'eth0')
        seen = {}

        def knows():
            """Returns whether BIRD and the simulation have the router that is gone as neighbour."""
            return (gone in near.neighbors(), live.states(gone)[-1:] not in ([], ['Down']))

        lab.wait('Full of all', lambda: near.is_full(LIVE) and near.is_full(gone)
                 and live.is_full(gone) and live.is_full(NEAR), FULL_IN)
        old = tap.hello_of(gone, 5)
        later = tap.hello_of(gone, 5)
        while later == old:
            later = tap.hello_of(gone, 5)
        time.sleep(1.5)
        # While it lives, an older number is refused by both.
        seen['marks'] = (near.log().count('lower sequence number'), len(live.lines()))
        tap.send(old)
        time.sleep(1)
        seen['living'] = (near.log().count('lower sequence number') - seen['marks'][0],
                          [line for line in live.lines()[seen['marks'][1]:]
                           if 'refused from ' + gone in line])
        world.end(victim.process, signal.SIGKILL)
        lab.wait('down at both', lambda: knows() == (False, False), FULL_IN)
        tap.send(old)
        lab.wait('back at both', lambda: knows() == (True, True), 3)
        seen['back'] = knows()
        lab.wait('down at both again', lambda: knows() == (False, False), FULL_IN)
        write(world.path('keys.yaml'), 'keys:\n  - {id: 2, algorithm: hmac-sha256, key: new}\n')
        near.configure(bird_auth('hmac-sha256', 'new', 2))
        lab.wait('Full under the new key',
                 lambda: len([line for line in live.lines() if 'keys: 1 rows' in line]) == 2
                 and near.is_full(LIVE) and live.is_full(NEAR), FULL_IN)
        mark = len(live.lines())
        bird_mark = len(near.log())
        for frame in (old, later):
            tap.send(frame)
        time.sleep(2)
        seen['after rekey'] = knows()
        seen['refused'] = [line for line in live.lines()[mark:] if 'refused from ' + gone in line]
        seen['bird refused'] = re.findall(r'.*no suitable password.*', near.log()[bird_mark:])
        seen['full'] = near.is_full(LIVE) and live.is_full(NEAR)
        seen['code'] = live.end()
        tap.close()
        seen['faults'], seen['packets'] = faults(world)
        return seen
