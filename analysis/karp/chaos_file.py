# SPDX-License-Identifier: GPL-2.0-only
"""From a case of chaos_case to the text of a scenario file."""

from karp.chaos_attack import attacks_of
from karp.chaos_case import (ATTRIBUTES, HOLD, PLAIN, SCOPES, STEP, VICTIMS, bound, events_of, everybody,
                             feigned, hang, settle, strangers)


class Names:
    """What routers of a case are called: r0, r1, ... in the order of LANs."""

    def __init__(self, case):
        self.order = []
        self.new = []  # of each LAN: routers that are on none before
        for lan in case['lans']:
            self.new.append([router for router in lan['routers'] if router not in self.order])
            self.order += self.new[-1]

    def __call__(self, router):
        return 'r%d' % self.order.index(router)

    def sorted(self, routers):
        """Names of some routers, in their order."""
        return ['r%d' % number for number in sorted(self.order.index(one) for one in routers)]


def flow(value):
    """A value in YAML's flow style."""
    if isinstance(value, dict):
        return '{%s}' % ', '.join('%s: %s' % (key, flow(one)) for key, one in value.items())
    if isinstance(value, list):
        return '[%s]' % ', '.join(flow(one) for one in value)
    if isinstance(value, bool):
        return 'true' if value else 'false'
    text = str(value)
    return '"%s"' % text if any(mark in text for mark in ' :(){}[],') else text


def span(milliseconds):
    """A time."""
    if milliseconds % 1000 == 0:
        return '%ds' % (milliseconds // 1000)
    return '%dms' % milliseconds


def selector(value, names):
    """Whom an event is about."""
    if isinstance(value, list):
        return names.sorted(value)
    if 'segment' in value:
        return 'lan%d' % value['segment']
    return 'role:%s:g%d' % (value['role'], value['lan'])


def written(event, names):
    """An event as the language has it."""
    return {'at': span(event['at']), **block_of(event, names)}


def block_of(event, names):
    """An event, or a map in it, but for its time."""
    block = {}
    for key, value in event.items():
        if key in VICTIMS:
            block[key] = selector(value, names)
        elif isinstance(value, dict):
            block[key] = block_of(value, names)
        elif key == 'sets':
            block[key] = [names.sorted(one) for one in value]
        elif key == 'segment':
            block[key] = 'lan%d' % value
        elif key == 'group':
            block[key] = 'g%d' % value
        elif key == 'rate':
            block[key] = '%d/s' % value
        elif key in ('down', 'stagger', 'delay', 'jitter', 'offset', 'interval', 'min_age'):
            # Of an attack that changes messages `offset` is an octet.
            if event.get('kind') == 'modify':
                block[key] = value
            elif value or key != 'stagger':
                block[key] = span(value)
        elif key != 'at':
            block[key] = value
    return block


def revocations(case):
    """Who is revoked loses what it has at that moment, and has to prove who it is."""
    for router, at in sorted(case['revoked'].items()):
        yield {'at': at, 'do': 'crash', 'target': [router], 'lose': ['all']}
        yield {'at': at + 3000, 'do': 'boot', 'target': [router]}


def the_end(case, events):
    """Everything heals."""
    done = {event['do'] for event in events}
    routers = everybody(case)
    at = case['end']
    yield {'at': at, 'do': 'mark', 'as': 'healed'}
    if attacks_of(events):
        yield {'at': at, 'do': 'stop_attack', 'ref': [event['id'] for event in attacks_of(events)]}
    if done & {'partition', 'cut'}:
        yield {'at': at, 'do': 'heal'}
    impaired = {event['target']['segment'] for event in events if event['do'] == 'impair'}
    for lan in sorted(impaired):
        yield {'at': at, 'do': 'clear', 'target': {'segment': lan}}
    if done & {'crash', 'reboot'}:
        yield {'at': at + STEP, 'do': 'boot', 'target': routers}
    for lan in sorted({event['segment'] for event in events if event['do'] == 'leave'}):
        yield {'at': at + 2 * STEP, 'do': 'join', 'target': case['lans'][lan]['routers'],
               'segment': lan}
    for lan in sorted({event['group'] for event in events if event['do'] == 'stop_kmp'}):
        yield {'at': at + 3 * STEP, 'do': 'start_kmp', 'target': case['lans'][lan]['routers'],
               'group': lan}
    if strangers(case) and not case['options']['stay']:
        yield {'at': at + 4 * STEP, 'do': 'crash', 'target': strangers(case)}


def moments(case):
    """When all must be whole, the same after the eviction if there is one, and the end."""
    whole = case['end'] + 4 * STEP + bound(case)
    out = again = None
    stop = whole + HOLD
    if case['eviction']:
        out = whole + HOLD + hang(case)
        # A crash after it, and a router that nobody believes any more.
        again = out + 2 * settle(case) + 4 * hang(case)
        stop = again + HOLD
    return {'whole': whole, 'out': out, 'again': again, 'stop': stop}


def evicting(case, when):
    """A hand-over, so that it is known who is GCKS; the eviction; something that tempts to forget."""
    what = case['eviction']
    at = when['out']
    group = what['lan']
    yield {'at': at - hang(case), 'do': 'handover', 'group': group, 'to': [what['gcks']]}
    yield {'at': at, 'do': 'evict', 'target': [what['out']], 'group': group, 'as': 'out'}
    later = at + settle(case)
    if what['then'] == 'rekey':
        yield {'at': later, 'do': 'rekey', 'group': group}
    elif what['then'] == 'crash':
        # For good: it would come back without a memory of whom it has evicted.
        yield {'at': later, 'do': 'crash', 'target': [what['gcks']]}
    else:
        yield {'at': later, 'do': 'reboot', 'target': [what['out']], 'down': settle(case) // 2,
               'lose': ['all']}


def expectations(case, names, when):
    """The group of each LAN becomes whole, and stays it until the eviction or the end."""
    odd = set(strangers(case))
    o = case['options']
    stays = bool(odd) and o['stay']
    late = bound(case) + o['lead'] + o['RebootLead']
    for index, lan in enumerate(case['lans']):
        group = 'g%d' % index
        believed = [router for router in lan['routers'] if router not in odd]
        members = ' and '.join('member(%s, %s)' % (name, group) for name in names.sorted(believed))
        calm = {'from': span(when['whole']),
                'until': span((when['out'] or when['stop'] + hang(case)) - hang(case))}
        yield {'id': 'members-%s' % group, 'always': members, **calm}
        if not (stays and odd & set(lan['routers'])):
            yield {'id': 'whole-%s' % group, 'after': 'healed', 'within': span(late),
                   'eventually': 'one_gcks({0}) and same_kek({0})'.format(group)}
            yield {'id': 'one-%s' % group, 'always': 'one_gcks(%s)' % group, **calm}
            yield {'id': 'drop-%s' % group, 'never': 'key_drop(%s)' % group, **calm}
        if case['eviction'] and case['eviction']['lan'] == index:
            dead = case['eviction']['gcks'] if case['eviction']['then'] == 'crash' else None
            kept = names.sorted(set(believed) - {case['eviction']['out'], dead})
            yield {'id': 'kept-%s' % group, 'from': span(when['again']),
                   'always': ' and '.join('member(%s, %s)' % (name, group) for name in kept)}


def invariants(case, when):
    """What chaos cannot ask for, and bounds that are longer where nobody is believed."""
    block = {}
    if case['options']['skip_reuse']:
        block['skip'] = ['sequence-reuse']
    feigns = bool(attacks_of(events_of(case), 'masquerade', 'delay'))
    if strangers(case) or case['eviction'] or feigns:
        more = len(strangers(case)) + (1 if case['eviction'] else 0)
        for name in ('one-gcks', 'no-key-drop'):
            block[name] = {'within': span(settle(case) + (1 + more) * hang(case) + feigned(case))}
    return block


def topology(case, names):
    """Lines of the LANs."""
    for index, lan in enumerate(case['lans']):
        block = {'id': 'lan%d' % index}
        if names.new[index]:
            block['nodes'] = len(names.new[index])
        old = [router for router in lan['routers'] if router not in names.new[index]]
        if old:
            block['routers'] = names.sorted(old)
        block.update(rate='1Gbps', delay='%dus' % lan['delay'])
        yield block


def credentials(case, names):
    """The block of that name."""
    o = case['options']
    block = {'type': o['credentials'], 'scope': SCOPES.get(o['credentials'], 'domain')}
    if o['trust']:
        block['trust'] = 'ca0'
    if attacks_of(events_of(case)):
        block['outsiders'] = ['mallory']
    if case['mismatch']:
        block['mismatch'] = names.sorted(case['mismatch'])
    if case['revoked']:
        block['revoked'] = {names(router): span(at) for router, at in sorted(case['revoked'].items())}
    return block


def protocol(case):
    """The block of that name."""
    o = case['options']
    block = {'kmp': 'mrkmp', 'advert': span(o['advert']), 'down': o['down'], 'skew': o['skew'],
             'retransmit': {'first': span(o['first']), 'base': 2, 'tries': o['tries']},
             'update': span(o['update']), 'lead': span(o['lead']), 'overlap': span(o['overlap']),
             'kek_lifetime': span(o['kek_lifetime']), 'copies': o['copies'],
             'spacing': span(o['spacing']), 'blacklist': span(o['blacklist']),
             'pmk_use': o['pmk_use']}
    other = {name: o[name] for name in ATTRIBUTES if o[name] != PLAIN[name]}
    if other:
        block['attr'] = {
            name: value if isinstance(value, bool) or name in ('MergeCopies', 'DeferMax')
            else span(value) for name, value in other.items()}
    return block


def text(case):
    """The scenario file of a case."""
    names = Names(case)
    o = case['options']
    when = moments(case)
    groups = [{'name': 'g%d' % index, 'segment': 'lan%d' % index, 'priority':
               {**{names(r): value for r, value in sorted(lan['priority'].items())}, 'default': 100}}
              for index, lan in enumerate(case['lans'])]
    faults = events_of(case)
    clocks = [{'at': 0, 'do': 'clock', 'target': [router], 'offset': offset}
              for router, offset in sorted(case['clocks'].items())]
    events = clocks + faults + list(revocations(case))
    events += list(the_end(case, events))
    if case['eviction']:
        events += list(evicting(case, when))
    events.sort(key=lambda event: event['at'])
    lines = ['# Made by ./karp chaos from seed %d.' % case['seed'],
             'karp: 1', 'name: chaos-%d' % case['seed'],
             'run: %s' % flow({'stop': span(when['stop']), 'seed': case['seed']}),
             'topology:', '  lans:']
    lines += ['    - ' + flow(lan) for lan in topology(case, names)]
    lines += ['groups:'] + ['  - ' + flow(group) for group in groups]
    lines += ['credentials: ' + flow(credentials(case, names)),
              'routing: ' + flow({'protocol': 'ospfv2', 'hello': span(o['hello']),
                                  'dead': span(4 * o['hello']), 'auth': o['auth'], 'seq': o['seq'],
                                  'seq_init': o['seq_init']}),
              'protocol: ' + flow(protocol(case)), 'timeline:']
    lines += ['  - ' + flow(written(event, names)) for event in events]
    lines += ['expect:'] + ['  - ' + flow(one) for one in expectations(case, names, when)]
    lines.append('invariants: ' + flow(invariants(case, when)))
    return '\n'.join(lines) + '\n'
