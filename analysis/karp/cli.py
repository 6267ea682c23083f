# SPDX-License-Identifier: GPL-2.0-only
"""The subcommands of ./karp and their options; what they do is in the modules they call."""

import argparse
import os
import subprocess
import sys
import textwrap

from karp import build, install, interpreter, paths
from karp.console import Trouble

ABOUT = '''karp: keying and authentication for routing protocols, an ns-3 module.

Everything needed is installed and built on the first call.'''

EXAMPLES = '''examples:
  ./karp run scenarios/gcks-failover.yaml          run the experiment, judge it, draw it
  ./karp run scenarios/gcks-failover.yaml --set N=5 --run 7 --pcap --keylog
  ./karp check scenarios/*.yaml                    are these files right?
  ./karp chaos --seeds 1-100                       random faults: does the group survive them?
  ./karp plot out/gcks-failover                    draw again from what was measured
  ./karp test                                      build and run every test
  ./karp explore --routers 3 --time 120            search small groups for violations
  ./karp topology grid:5x4                         what is this network like?
  ./karp bench --json bench.json                   what the machine makes of it'''


# Of each command: a line, what it does, examples.
COMMANDS = {
    'run': ('run a scenario over its sweep, judge it, draw its figures', """
        Runs a scenario over its sweep and its runs, prints what happens, a table of what was
        expected and held or did not, and where the figures lie. Ends with 0 if all holds, 1 if
        something does not, 2 if something cannot be judged, 3 if the scenario is wrong. Runs that
        are there already are not made again.""", """
        ./karp run scenarios/gcks-failover.yaml
        ./karp run scenarios/gcks-failover.yaml --set N=10 --set loss=0.05 --runs 100
        ./karp run scenarios/gcks-failover.yaml --set N=5 --run 7 --pcap --keylog"""),
    'check': ('is a scenario file right? (no run)', """
        Reads scenario files as a run would and says what is wrong with them, with file, line and
        key. Ends with 3 if something is.""", """
        ./karp check scenarios/gcks-failover.yaml"""),
    'chaos': ('randomised experiments; what fails is made small', """
        Makes experiments from seeds: random LANs, options, credentials and faults; then everything
        heals and the group must become whole. What fails is kept under out/chaos, made as small
        as it gets, and printed with the command that runs it again. Ends with 0 if all passed, 1
        if not.""", """
        ./karp chaos --seeds 1-100
        ./karp chaos --seeds 1-20 -j 4 --time 60
        ./karp chaos --seed 7 --pcap"""),
    'plot': ('draw the figures of a finished run again', """
        Draws figures (PDF and PNG) from the results in a folder.""", """
        ./karp plot out/gcks-failover"""),
    'attack-matrix': ('every attack against every protection, as a table and a figure', """
        Runs the scenarios of scenarios/attack-matrix against each protection that they have a case
        for, prints how often each attack succeeded beside what is expected, and draws it. Ends with
        0 if every cell is as expected, 1 if one is not. Runs that are there already are not made
        again. Where an attack never succeeds there are 300 runs, and at least 30 elsewhere: about
        ten minutes on two cores.""", """
        ./karp attack-matrix --quick
        ./karp attack-matrix
        ./karp attack-matrix --runs 1000 --out out/matrix-1000"""),
    'test': ('build and run every test', """
        Builds, then runs every suite, the Python tests and the checks of the source tree. The last
        line is the count.""", """
        ./karp test
        ./karp test --suite=karp-vectors
        ./karp test --suite='check-*' --suite=karp-wire
        ./karp test --list"""),
    'fuzz': ('feed a decoder or an engine with changed octets', """
        Changes the vectors, or the scenarios, and hands them to a fuzz entry for so many seconds, or
        so many of them; without a name, to each one. --sanitize builds the entries anew, without
        ns-3, with the address and undefined-behaviour sanitizers, in build-san. Ends with 0 if none
        broke, 1 if one did: the input is in karp-fuzz-NAME.crash then, and
        build/karp-fuzz-NAME --rounds=0 karp-fuzz-NAME.crash shows it again. With clang as compiler an
        entry is a libFuzzer program and takes its options.""", """
        ./karp fuzz
        ./karp fuzz mrkmp --time 600 --seed 7
        ./karp fuzz --inputs 1000000
        ./karp fuzz --sanitize --time 5"""),
    'explore': ('search what may happen to a small group', """
        Searches orders of delivery, loss, duplication, crashes and cuts in a group of 2 to 4
        routers for violations of the invariants, and draws the shortest way to one. Ends with 0 if
        nothing is found, 1 if something is, 3 if an option is wrong. Further options are those of
        karp-explore, which --options lists.""", """
        ./karp explore --routers 3 --time 120
        ./karp explore --routers 2 --depth 2 --losses 1 --set TransportKeys=true
        ./karp explore --routers 3 --replay "35:cut0"
        ./karp explore --seeded"""),
    'topology': ('what is this network like?', """
        Reads a network from a file in GraphML, or makes one, and prints its routers, links and
        parts, its diameter, and what policies did with it; as a picture too. Policies are further
        options, such as --components=keep; --options lists them, and the generators. Ends with 3
        if the file is wrong.""", """
        ./karp topology grid:5x4
        ./karp topology waxman:40 --picture out/waxman.png
        ./karp topology Abilene.graphml --multigraph keep --picture out/abilene.pdf
        ./karp topology --options"""),
    'bench': ('measure on this machine', """
        Measures the engine, and simulations with it. Other options are handed to karp-bench
        (--PrintHelp).""", """
        ./karp bench
        ./karp bench --json bench.json
        ./karp bench --only=grid --grid-max=10
        ./karp bench --only=path
        KARP_TOPOLOGIES=zoo ./karp bench --only=maps --maps=Cogentco,Kdl"""),
    'build': ('build, and do nothing else', """
        Builds the library, the programs and the tests into build/, or the folder that KARP_BUILD
        names.""", """
        ./karp build
        ./karp build --werror -j 4
        KARP_BUILD=build-san ./karp build --sanitize=address,undefined"""),
}


def add(commands, name):
    """Adds the parser of a command."""
    short, long, examples = COMMANDS[name]
    return commands.add_parser(name, help=short,
                               description=textwrap.fill(' '.join(long.split()), 90),
                               epilog='examples:' + textwrap.indent(textwrap.dedent(examples), '  '),
                               formatter_class=argparse.RawDescriptionHelpFormatter)


def number(text):
    """Reads a positive number, for argparse."""
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError('%s is not a positive number' % text)
    return value


def setting(text):
    """Reads name=value, for argparse."""
    name, equals, _ = text.partition('=')
    if not name or not equals:
        raise argparse.ArgumentTypeError("'%s' is not of the form name=value" % text)
    return text


def add_jobs(parser):
    """Adds -j."""
    parser.add_argument('-j', '--jobs', type=number, default=paths.jobs(), metavar='N',
                        help='processes at once (default: all cores, %(default)s)')


def add_settings(parser):
    """Adds --set."""
    parser.add_argument('--set', action='append', default=[], type=setting, metavar='NAME=VALUE',
                        help='fix a variable of the sweep; may be given several times')


def add_run(commands):
    """Adds `run`."""
    run = add(commands, 'run')
    run.add_argument('scenario', metavar='FILE', help='the scenario (YAML)')
    add_jobs(run)
    run.add_argument('--out', metavar='DIR', help='where results go (default: out/NAME)')
    add_settings(run)
    only = run.add_mutually_exclusive_group()
    only.add_argument('--run', type=number, metavar='N', help='only run number N')
    only.add_argument('--runs', type=number, metavar='N', help='N runs of each point of the sweep')
    only.add_argument('--quick', action='store_true', help='a few runs of each point: a first look')
    run.add_argument('--pcap', action='store_true', help='keep the packets of every link')
    run.add_argument('--keylog', action='store_true',
                     help='keep the keys, in the form Wireshark reads')


def seconds(text):
    """Reads a time of simulation, for argparse."""
    value = float(text)
    if not 10 <= value <= 1e6:
        raise argparse.ArgumentTypeError('%s is not from 10 to 1000000' % text)
    return value


def add_chaos(commands):
    """Adds `chaos`."""
    chaos = add(commands, 'chaos')
    what = chaos.add_mutually_exclusive_group(required=True)
    what.add_argument('--seeds', metavar='A-B', help='these seeds; passing runs are not kept')
    what.add_argument('--seed', type=number, metavar='N', help='one seed; its run is kept')
    add_jobs(chaos)
    chaos.add_argument('--time', type=seconds, default=180, metavar='S',
                       help='seconds of faults in each run (default: %(default)s)')
    chaos.add_argument('--out', metavar='DIR', help='what fails goes there (default: out/chaos)')
    chaos.add_argument('--pcap', action='store_true',
                       help='with --seed: keep the packets and the keys')


def add_others(commands):
    """Adds the other commands."""
    matrix = add(commands, 'attack-matrix')
    add_jobs(matrix)
    matrix.add_argument('--out', metavar='DIR', default=os.path.join('out', 'attack-matrix'),
                        help='where results go (default: %(default)s)')
    fewer = matrix.add_mutually_exclusive_group()
    fewer.add_argument('--runs', type=number, metavar='N', help='N runs of each cell')
    fewer.add_argument('--quick', action='store_true', help='a few runs of each cell: a first look')
    check = add(commands, 'check')
    check.add_argument('scenario', nargs='+', metavar='FILE')
    add_settings(check)
    plot = add(commands, 'plot')
    plot.add_argument('dir', metavar='DIR', help='the folder that `run` wrote')
    plot.add_argument('--out', metavar='DIR', help='where the figures go (default: DIR)')
    test = add(commands, 'test')
    add_jobs(test)
    test.add_argument('--suite', action='append', default=[], metavar='NAME',
                      help='only this one (as --list names them; * and ? stand for letters)')
    test.add_argument('--list', action='store_true', help='name what can be run')
    fuzz = add(commands, 'fuzz')
    fuzz.add_argument('entry', nargs='?', metavar='NAME', help='only this one, such as mrkmp')
    add_jobs(fuzz)
    fuzz.add_argument('--time', type=number, metavar='S',
                      help='seconds for each entry (default: 10, if nothing is said of inputs)')
    fuzz.add_argument('--inputs', type=number, default=0, metavar='N',
                      help='so many for each entry')
    fuzz.add_argument('--sanitize', action='store_true',
                      help='built anew with the address and undefined-behaviour sanitizers')
    fuzz.add_argument('--seed', type=number, default=1, metavar='N',
                      help='what changes are drawn from (default: %(default)s)')
    explore = add(commands, 'explore')
    explore.add_argument('--options', action='store_true', help='list the options of the search')
    explore.add_argument('--seeded', action='store_true',
                         help='put defects into copies of the sources: are they found?')
    topology = add(commands, 'topology')
    topology.add_argument('source', nargs='?', metavar='FILE|GENERATOR',
                          help='FILE.graphml, or a generator with its numbers such as grid:5x4')
    topology.add_argument('--options', action='store_true', help='list policies and generators')
    topology.add_argument('--picture', metavar='FILE', help='draw it: .png, .pdf or .svg')
    bench = add(commands, 'bench')
    bench.add_argument('--json', metavar='FILE', help='also write the figures into FILE')
    make = add(commands, 'build')
    add_jobs(make)
    make.add_argument('--werror', action=argparse.BooleanOptionalAction,
                      help='treat warnings as errors')
    make.add_argument('--sanitize', metavar='LIST', help='build with these sanitizers')


def make_parser():
    """Returns the parser of the whole command line."""
    parser = argparse.ArgumentParser(prog='karp', description=ABOUT, epilog=EXAMPLES,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest='command', metavar='COMMAND', required=True)
    add_run(commands)
    add_chaos(commands)
    add_others(commands)
    return parser


def existing(names):
    """Stops at a file that is not there: before an hour of building, not after."""
    for name in names:
        if not os.path.isfile(name):
            raise Trouble('karp: there is no file %s' % name)


def do_run(args, arguments):
    """Runs a scenario. campaign.run gets args with .program, the scenario runner, added."""
    existing([args.scenario])
    install.ensure('build', 'analysis')
    interpreter.become_capable(arguments)
    build.ensure(['karp-scenario'], args.jobs)
    args.program = paths.program('karp-scenario')
    from karp import campaign
    return campaign.run(args)


def do_attack_matrix(args, arguments):
    """Makes the attack matrix."""
    install.ensure('build', 'analysis')
    interpreter.become_capable(arguments)
    build.ensure(['karp-scenario'], args.jobs)
    args.program = paths.program('karp-scenario')
    from karp import attack_matrix
    return attack_matrix.run(args)


def do_check(args, _):
    """Checks scenario files; the worst verdict counts."""
    existing(args.scenario)
    install.ensure('build')
    build.ensure(['karp-scenario'])
    worst = 0
    for name in args.scenario:
        command = [paths.program('karp-scenario'), '--check', '--scenario=' + name]
        if args.set:
            command.append('--set=' + ','.join(args.set))
        worst = max(worst, abs(subprocess.run(command, check=False).returncode))
    return worst


def do_chaos(args, _):
    """Runs randomised experiments."""
    from karp import chaos
    if args.pcap and args.seeds:
        raise Trouble('karp: --pcap is for one --seed')
    if args.seeds:
        chaos.parse_seeds(args.seeds)
    install.ensure('build')
    build.ensure(['karp-scenario'], args.jobs)
    args.program = paths.program('karp-scenario')
    return chaos.run(args)


def do_plot(args, arguments):
    """Draws the figures of a folder of results."""
    if not os.path.isdir(args.dir):
        raise Trouble('karp: there is no folder %s' % args.dir)
    install.ensure('analysis')
    interpreter.become_capable(arguments)
    from karp import plot
    return plot.plot(args)


def do_test(args, _):
    """Builds and runs every test."""
    install.ensure('build', 'test', 'analysis')
    build.ensure(jobs=args.jobs)
    from karp import testing
    return testing.run(args)


def do_fuzz(args, _):
    """Feeds fuzz entries."""
    install.ensure('build')
    from karp import testing
    names = testing.chosen_entries(args.entry)
    folder = paths.BUILD
    if args.sanitize:
        folder = os.path.join(paths.ROOT, 'build-san')
        build.ensure(names, args.jobs, folder, **build.SANITIZED)
    else:
        build.ensure(names, args.jobs)
    seconds = args.time or (0 if args.inputs else 10)
    return testing.fuzz(names, folder, args.seed, seconds, args.inputs, args.jobs or paths.jobs())


def do_bench(args, _):
    """Measures. What we do not know ourselves is an option of karp-bench."""
    install.ensure('build')
    build.ensure(['karp-bench'])
    command = [paths.program('karp-bench')] + args.rest
    if args.json:
        command.append('--json=' + args.json)
    return subprocess.run(command, check=False).returncode


def do_explore(args, _):
    """Explores. What we do not know ourselves is an option of karp-explore."""
    install.ensure('build')
    if args.seeded:
        script = os.path.join(paths.TESTS, 'seeded-defects.py')
        return subprocess.run([sys.executable, script] + args.rest, check=False).returncode
    build.ensure(['karp-explore'])
    command = [paths.program('karp-explore')] + (['--help'] if args.options else args.rest)
    return abs(subprocess.run(command, check=False).returncode)


def do_topology(args, arguments):
    """Shows a topology. Policies are options of karp-topology."""
    if not args.source and not args.options:
        raise Trouble('karp: topology wants a file or a generator, such as grid:5x4')
    install.ensure('build', *(['analysis'] if args.picture else []))
    if args.picture:
        interpreter.become_capable(arguments)
    build.ensure(['karp-topology'])
    program = paths.program('karp-topology')
    if args.options:
        return abs(subprocess.run([program, '--help'], check=False).returncode)
    if not args.picture:
        command = [program, '--source=' + args.source] + args.rest
        return abs(subprocess.run(command, check=False).returncode)
    from karp import topology
    return topology.run(program, args.source, args.rest, args.picture)


def do_build(args, _):
    """Builds."""
    install.ensure('build')
    build.ensure(jobs=args.jobs, werror=args.werror, sanitize=args.sanitize)
    return 0


def main(arguments):
    """Does what the command line says; returns the exit code."""
    parser = make_parser()
    args, args.rest = parser.parse_known_args(arguments)
    if args.rest and args.command not in ('bench', 'explore', 'topology'):
        parser.error('unrecognized arguments: ' + ' '.join(args.rest))
    doing = {'run': do_run, 'attack-matrix': do_attack_matrix, 'check': do_check,
             'chaos': do_chaos, 'plot': do_plot, 'test': do_test, 'fuzz': do_fuzz,
             'explore': do_explore, 'topology': do_topology, 'bench': do_bench,
             'build': do_build}[args.command]
    try:
        return doing(args, arguments)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 4
    except KeyboardInterrupt:
        print('\nkarp: interrupted', file=sys.stderr)
        return 130
