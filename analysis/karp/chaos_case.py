# SPDX-License-Identifier: GPL-2.0-only
"""Randomised experiments: from a seed to a case, a structure that can be made smaller, and from a
case to the scenario file that karp-scenario runs.

Times are whole milliseconds. A router is a number here; it gets its name, r0, r1, ..., when the file
is written, so a case without router 3 is a case too."""

import copy
import random

from karp import chaos_attack

PLAIN = {  # what an option is made where a case gets simpler; of attributes, their defaults
    'advert': 1000, 'down': 3, 'skew': 'vrrp', 'first': 500, 'tries': 3, 'update': 5000,
    'lead': 5000, 'overlap': 5000, 'kek_lifetime': 3600000, 'copies': 3, 'spacing': 500,
    'blacklist': 10000, 'pmk_use': 'transport-key', 'hello': 1000, 'auth': 'hmac-sha256',
    'seq': 'rfc2328', 'seq_init': 'zero', 'credentials': 'psk', 'trust': False, 'stay': False,
    'skip_reuse': False,
    'JoinSpread': 1000, 'EvictLead': 3000, 'EvictOverlap': 1000, 'RebootLead': 3000,
    'MergeCopies': 3, 'MergeCopySpacing': 500, 'DeferMax': 1, 'RebootAlways': False,
    'SequencePerKey': False, 'PmkOverrun': 1800000}
ATTRIBUTES = [name for name in PLAIN if name[0].isupper()]
SCOPES = {'psk': 'group', 'pair-psk': 'pair'}  # others: domain
BEGIN = 1000   # the first fault
HOLD = 20000   # what has converged is watched for so long
STEP = 10      # between the events that end all faults


# ---- how long recovery may take: the formulas of doc/decisions.md, Invariants

def settle(case):
    """From a fault to one GCKS and one KEK, where no exchange was cut off by it."""
    o = case['options']
    return (o['advert'] * (o['down'] + (1 + o['DeferMax']) * (o['down'] + 1) + 4)
            + o['MergeCopies'] * o['MergeCopySpacing'] + o['JoinSpread']
            + (o['copies'] + 1) * o['spacing'])


def hang(case):
    """How much longer where an exchange was: it fails, and is tried again."""
    o = case['options']
    return 2 * o['first'] * (2 ** (o['tries'] + 1) - 1) + o['blacklist']


def strangers(case):
    """Routers that the others do not believe in the end, but for the evicted one."""
    return sorted(set(case['revoked']) | set(case['mismatch']))


def feigned(case):
    """How much longer where somebody claimed to be GCKS, or kept messages back: exchanges in vain with
    who is not there, and what comes of them."""
    events = events_of(case)
    vain = 1 if chaos_attack.attacks_of(events, 'masquerade') else 0
    return vain * hang(case) + chaos_attack.aftermath(events, case['options']['down'])


def bound(case):
    """From the end of all faults to a group that is whole. Each router that is there and that
    nobody believes may cost everybody an exchange in vain."""
    others = len(strangers(case)) if case['options']['stay'] else 0
    return settle(case) + (1 + others) * hang(case) + feigned(case)


# ---- from a seed to a case

class Plan:
    """What a maker of faults may ask: dice, who is there, how much time."""

    def __init__(self, rng, case):
        self.rng = rng
        self.case = case
        self.labels = 0

    def lan(self):
        """One of the LANs."""
        return self.rng.randrange(len(self.case['lans']))

    def some(self, lan, most=None):
        """Some routers of a LAN, at least one."""
        routers = self.case['lans'][lan]['routers']
        return sorted(self.rng.sample(routers, self.rng.randint(1, min(most or 99, len(routers)))))

    def victim(self, lan):
        """A router, or whoever is GCKS when it happens."""
        if self.rng.random() < 0.4:
            return {'role': 'gcks', 'lan': lan}
        return self.some(lan, 3)

    def label(self):
        """A new label."""
        self.labels += 1
        return 'cut%d' % self.labels

    def later(self, at, least=200):
        """Some time after `at`, mostly soon."""
        return at + least + round(self.rng.expovariate(1 / 12000))

    def lose(self):
        """What a crash costs."""
        if self.case['revoked'] or self.rng.random() < 0.6:
            return ['all']  # whoever keeps its keys need not prove who it is
        return self.rng.choice([['seq'], ['neighbors'], ['sa'], ['keys'], ['seq', 'neighbors'],
                                ['all', 'nvram'], ['sa', 'keys']])


def crash(plan, at):
    """A crash, and mostly a boot after a while."""
    lan = plan.lan()
    target = plan.victim(lan)
    events = [{'at': at, 'do': 'crash', 'target': target, 'lose': plan.lose()}]
    if plan.rng.random() < 0.8:
        back = target if isinstance(target, list) else plan.case['lans'][lan]['routers']
        events.append({'at': plan.later(at), 'do': 'boot', 'target': list(back)})
    return events


def reboot(plan, at):
    """One or some reboot, at once or one after the other."""
    # Three at most, so that the last boot comes before everything has healed.
    left = plan.case['end'] - at
    stagger = plan.rng.choice([0, 0, 200, 3000])
    down = min(plan.later(0, 10), left - 3 * stagger - 1)
    return [{'at': at, 'do': 'reboot', 'target': plan.victim(plan.lan()), 'down': down,
             'lose': plan.lose(), 'stagger': stagger}] if down > 0 else []


def impair(plan, at):
    """Packets of a LAN get lost, doubled, late, out of order."""
    lan = plan.lan()
    rng = plan.rng
    what = {'at': at, 'do': 'impair', 'target': {'segment': lan}}
    for key, most in (('loss', 0.4), ('dup', 0.2), ('reorder', 0.2)):
        if rng.random() < 0.5:
            what[key] = round(rng.uniform(0.01, most), 3)
    if rng.random() < 0.3:
        what['delay'] = rng.randint(1, 50)
    if rng.random() < 0.3 or len(what) == 3:
        what['jitter'] = rng.randint(1, 50)
    return [what, {'at': plan.later(at), 'do': 'clear', 'target': {'segment': lan}}]


def partition(plan, at):
    """A LAN falls apart."""
    lan = plan.lan()
    routers = list(plan.case['lans'][lan]['routers'])
    plan.rng.shuffle(routers)
    parts = plan.rng.randint(2, min(3, len(routers)))
    sets = [sorted(routers[i::parts]) for i in range(parts)]
    label = plan.label()
    what = {'at': at, 'do': 'partition', 'sets': sets, 'segment': lan, 'as': label}
    if plan.rng.random() < 0.2:
        what['one_way'] = True
    return [what, {'at': plan.later(at), 'do': 'heal', 'ref': label}]


def cut(plan, at):
    """Some do not hear some others any more."""
    lan = plan.lan()
    label = plan.label()
    return [{'at': at, 'do': 'cut', 'from': plan.some(lan, 2), 'to': plan.some(lan),
             'segment': lan, 'as': label},
            {'at': plan.later(at), 'do': 'heal', 'ref': label}]


def priority(plan, at):
    """Another priority."""
    lan = plan.lan()
    return [{'at': at, 'do': 'priority', 'node': plan.some(lan, 2), 'group': lan,
             'value': plan.rng.randint(1, 255)}]


def stop_kmp(plan, at):
    """Key management pauses somewhere."""
    lan = plan.lan()
    target = plan.victim(lan)
    back = target if isinstance(target, list) else plan.case['lans'][lan]['routers']
    return [{'at': at, 'do': 'stop_kmp', 'target': target, 'group': lan},
            {'at': plan.later(at), 'do': 'start_kmp', 'target': list(back), 'group': lan}]


def leave(plan, at):
    """Routing pauses somewhere."""
    lan = plan.lan()
    target = plan.some(lan, 3)
    return [{'at': at, 'do': 'leave', 'target': target, 'segment': lan},
            {'at': plan.later(at), 'do': 'join', 'target': list(target), 'segment': lan}]


def rekey(plan, at):
    """Another key."""
    return [{'at': at, 'do': 'rekey', 'group': plan.lan()}]


def handover(plan, at):
    """Another GCKS, while the present one lives."""
    lan = plan.lan()
    what = {'at': at, 'do': 'handover', 'group': lan}
    if plan.rng.random() < 0.5:
        what['to'] = plan.some(lan, 1)
    return [what]


def exhaust_seq(plan, at):
    """Sequence numbers run low."""
    lan = plan.lan()
    return [{'at': at, 'do': 'exhaust_seq', 'target': plan.some(lan, 3), 'segment': lan}]


def drift(plan, at):
    """A clock runs at another rate."""
    return [{'at': at, 'do': 'clock', 'target': plan.some(plan.lan(), 2),
             'drift': plan.rng.randint(-200, 200)}]


# Every kind of fault: how often, and who makes it. A further kind is a row here, a further attack one of
# chaos_attack; what must end before the group can be asked to converge goes into `the_end`.
FAULTS = {
    'crash': (10, crash), 'reboot': (10, reboot), 'impair': (6, impair),
    'partition': (6, partition), 'cut': (3, cut), 'priority': (4, priority),
    'stop_kmp': (4, stop_kmp), 'leave': (4, leave), 'rekey': (3, rekey),
    'handover': (4, handover), 'exhaust_seq': (3, exhaust_seq), 'drift': (1, drift)}
VICTIMS = ('target', 'node', 'from', 'to', 'source')  # keys with routers
LANS = ('segment', 'group', 'lan')                    # keys with a LAN
MUTE = ('impair', 'partition', 'cut')  # a GCKS may not hear what others sent


def draw_lans(rng):
    """One to four LANs of 2 to 12 routers, some of them on several."""
    first = rng.choice([2, 2, 3, 3, 4, 4, 5, 6, 7, 8, 10, 12])
    lans = [{'delay': 50, 'routers': list(range(first))}]
    count = first
    for _ in range(rng.choice([0, 0, 0, 1, 1, 2, 3])):
        shared = rng.sample(range(count), min(count, rng.randint(1, 3)))
        new = rng.randint(0 if len(shared) > 1 else 1, 5)
        lans.append({'delay': rng.choice([50, 50, 1000]),
                     'routers': sorted(shared + list(range(count, count + new)))})
        count += new
    for lan in lans:
        lan['priority'] = {router: rng.randint(1, 255) for router in lan['routers']
                           if rng.random() < 0.5}
    return lans


def draw_options(rng):
    """Timers and rules. Leads are longer than the copies of an update take, as they should be."""
    o = dict(PLAIN)
    for name, values in (
            ('advert', [200, 500, 1000, 2000]), ('down', [2, 3, 3, 4]),
            ('skew', ['vrrp', 'vrrp', 'vrrp', 'none']), ('first', [200, 500, 1000]),
            ('tries', [2, 3, 4]), ('update', [2000, 5000, 10000]), ('overlap', [2000, 5000, 10000]),
            ('copies', [2, 3, 4]), ('spacing', [100, 300, 500]), ('blacklist', [0, 3000, 10000]),
            ('pmk_use', ['transport-key', 'transport-key', 'derive']),
            ('hello', [1000, 2000]), ('seq', ['rfc2328', 'rfc2328', 'strict', 'rfc7474']),
            ('auth', ['hmac-sha256', 'hmac-sha256', 'hmac-sha1', 'hmac-sha512', 'keyed-md5']),
            ('seq_init', ['zero', 'zero', 'clock', 'nvram']), ('JoinSpread', [0, 500, 1000]),
            ('EvictOverlap', [1000, 2000]), ('MergeCopies', [2, 3]),
            ('MergeCopySpacing', [100, 500]), ('DeferMax', [0, 1, 1, 2]),
            ('SequencePerKey', [False, True]), ('PmkOverrun', [10000, 60000, 1800000]),
            ('RebootAlways', [False, True])):
        o[name] = rng.choice(values)
    if o['seq'] == 'rfc7474' and o['auth'] == 'keyed-md5':
        o['auth'] = 'hmac-sha256'
    # Or else a router that nobody believes is asked again before anybody else has been elected.
    o['blacklist'] += o['advert'] * (1 + o['DeferMax']) * (o['down'] + 1) + 1000
    told = o['copies'] * o['spacing'] + 500
    o['lead'] = told + rng.choice([1000, 3000, 6000])
    o['EvictLead'] = told + rng.choice([500, 2000])
    o['RebootLead'] = told + rng.choice([500, 2000])
    o['kek_lifetime'] = 6 * o['lead'] + rng.choice([15000, 60000, 3600000])
    o['credentials'] = rng.choice(['psk'] * 4 + ['pair-psk'] * 4 + ['ed25519'] * 4
                                  + ['ecdsa-p256'] * 4 + ['rsa-2048'])
    o['trust'] = o['credentials'] not in SCOPES and rng.random() < 0.6
    o['stay'] = rng.random() < 0.5
    return o


def draw_strangers(rng, case, until):
    """Some that nobody believes, from the beginning or from some moment on; never all of a LAN."""
    case['revoked'], case['mismatch'] = {}, []
    routers = everybody(case)
    few = max(1, len(routers) // 4)
    if case['options']['trust'] and rng.random() < 0.6:
        case['revoked'] = {router: rng.randrange(BEGIN, until - 5000)
                           for router in rng.sample(routers, rng.randint(1, few))}
    elif rng.random() < 0.15:
        case['mismatch'] = sorted(rng.sample(routers, rng.randint(1, few)))
    odd = set(strangers(case))
    if any(len(set(lan['routers']) - odd) < 2 for lan in case['lans']):
        case['revoked'], case['mismatch'] = {}, []


def draw_clocks(rng, case):
    """Clocks that differ by less than the shortest lead, and not by more than any overlap."""
    o = case['options']
    most = min(o['lead'], o['overlap'], o['EvictLead'], o['EvictOverlap'], o['RebootLead']) // 3
    if rng.random() < 0.5:
        return {}
    return {router: rng.randint(-most, most) for router in everybody(case) if rng.random() < 0.4}


def draw_eviction(rng, case):
    """Who is evicted when all is calm, who is GCKS then, and what happens after it."""
    trusted = [[router for router in lan['routers'] if router not in strangers(case)]
               for lan in case['lans']]
    fit = [index for index, routers in enumerate(trusted) if len(routers) >= 3]
    if not fit or rng.random() < 0.5:
        return None
    lan = rng.choice(fit)
    gcks, out = rng.sample(trusted[lan], 2)
    return {'lan': lan, 'gcks': gcks, 'out': out, 'then': rng.choice(['crash', 'rekey', 'reboot'])}


def generate(seed, span=180000):
    """The case of a seed, with faults for `span` ms."""
    rng = random.Random('karp chaos %d' % seed)
    case = {'seed': seed, 'end': BEGIN + span, 'lans': draw_lans(rng)}
    case['options'] = draw_options(rng)
    draw_strangers(rng, case, case['end'])
    case['clocks'] = draw_clocks(rng, case)
    plan = Plan(rng, case)
    kinds = rng.sample(sorted(FAULTS), rng.randint(2, len(FAULTS)))
    weights = [FAULTS[kind][0] for kind in kinds]
    count = max(2, round(rng.uniform(0.3, 3) * span / 15000))
    case['faults'] = []
    for at in sorted(rng.randrange(BEGIN, case['end']) for _ in range(count)):
        kind = rng.choices(kinds, weights)[0]
        events = FAULTS[kind][1](plan, at)
        if events:
            case['faults'].append([event for event in events if event['at'] < case['end']])
    guard_reuse(rng, case)
    case['eviction'] = draw_eviction(rng, case)
    add_attacks(case)
    return case


def add_attacks(case):
    """Adversaries, from dice of their own: without them the case is what it would be."""
    plan = Plan(random.Random('karp chaos attacks %d' % case['seed']), case)
    attacks = chaos_attack.draw_attacks(plan, BEGIN, case['end'])
    case['faults'] += attacks
    o = case['options']
    deaf = chaos_attack.attacks_of([event for fault in attacks for event in fault],
                                   *chaos_attack.INTERCEPTS)
    if deaf and o['pmk_use'] == 'transport-key' and o['seq_init'] == 'zero':
        o['skip_reuse'] = True  # as in guard_reuse


def guard_reuse(rng, case):
    """A GCKS that hears nothing of a router's packets cannot know that the key was used (K10)."""
    o = case['options']
    muted = any(event['do'] in MUTE for fault in case['faults'] for event in fault)
    if muted and o['pmk_use'] == 'transport-key' and o['seq_init'] in ('zero', 'clock'):
        if rng.random() < 0.5:
            o['pmk_use'] = 'derive'
        else:
            o['RebootAlways'] = True
            o['skip_reuse'] = True


def everybody(case):
    """All routers of a case."""
    return sorted({router for lan in case['lans'] for router in lan['routers']})


def events_of(case):
    """All events of a case's faults, by time."""
    return sorted((event for fault in case['faults'] for event in fault), key=lambda e: e['at'])


# ---- without this and that

def without_routers(case, gone):
    """The case without some routers; None if a LAN has then less than two."""
    case = copy.deepcopy(case)
    gone = set(gone)
    for lan in case['lans']:
        lan['routers'] = [router for router in lan['routers'] if router not in gone]
        lan['priority'] = {r: value for r, value in lan['priority'].items() if r not in gone}
        if len(lan['routers']) < 2:
            return None
    for key in ('revoked', 'clocks'):
        case[key] = {router: value for router, value in case[key].items() if router not in gone}
    case['mismatch'] = [router for router in case['mismatch'] if router not in gone]
    faults = [[without_router_of(event, gone) for event in fault] for fault in case['faults']]
    faults = [[event for event in fault if event] for fault in faults]
    left = {event[key] for fault in faults for event in fault for key in ('as', 'id') if key in event}
    faults = [[event for event in fault if event.get('ref') in left | {None}] for fault in faults]
    case['faults'] = [fault for fault in faults if fault]
    if case['eviction'] and (
            {case['eviction']['gcks'], case['eviction']['out']} & gone
            or len(set(case['lans'][case['eviction']['lan']]['routers']) - set(strangers(case))) < 3):
        case['eviction'] = None  # who is left would not remember it
    return case


def blocks(event):
    """An event and the maps in it: its target, what an attack claims or is about."""
    yield event
    for value in event.values():
        if isinstance(value, dict):
            yield from blocks(value)


def without_router_of(event, gone):
    """An event that spares some routers; None if nobody is left."""
    event = copy.deepcopy(event)
    for block in blocks(event):
        for key in VICTIMS:
            if isinstance(block.get(key), list):
                block[key] = [router for router in block[key] if router not in gone]
                if not block[key]:
                    return None
    if 'sets' in event:
        sets = [[router for router in one if router not in gone] for one in event['sets']]
        event['sets'] = [one for one in sets if one]
        if len(event['sets']) < 2:
            return None
    return event


def lans_of_event(event):
    """LANs that an event names."""
    return [block[key] for block in blocks(event) for key in LANS if isinstance(block.get(key), int)]


def without_lan(case, index):
    """The case without a LAN and whoever is on no other; None if it is the only one."""
    if len(case['lans']) < 2:
        return None
    gone = set(everybody(case))
    case = copy.deepcopy(case)
    del case['lans'][index]
    gone -= set(everybody(case))
    case['faults'] = [[moved(event, index) for event in fault
                       if index not in lans_of_event(event)] for fault in case['faults']]
    case['faults'] = [fault for fault in case['faults'] if fault]
    if case['eviction']:
        if case['eviction']['lan'] == index:
            case['eviction'] = None
        elif case['eviction']['lan'] > index:
            case['eviction']['lan'] -= 1
    return without_routers(case, gone)


def moved(event, index):
    """An event once LAN `index` is gone: later LANs have another number."""
    event = copy.deepcopy(event)
    for block in blocks(event):
        for key in LANS:
            if isinstance(block.get(key), int) and block[key] > index:
                block[key] -= 1
    return event
