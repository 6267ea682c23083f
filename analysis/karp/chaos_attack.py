# SPDX-License-Identifier: GPL-2.0-only
"""Adversaries of randomised experiments: what outsiders do to a case, each of them a fault that begins
and ends."""

MESSAGES = ('hello', 'advert', 'update', 'ike_sa_init', 'ike_auth', 'group', 'informational', 'nonce')
FORGED = ('retirement', 'resignation', 'update', 'wrong_gcks', 'gcks_unknown', 'invalid_ke', 'cookie',
          'no_proposal', 'auth_failed')
# Of requests with cookies that come back: the half-open associations of 30 s leave room for others.
COOKIE_RATES = (1, 2, 5)


def some_types(rng):
    """Types of messages; none, which means all of them, now and then."""
    return rng.sample(MESSAGES, rng.choice([0, 1, 1, 2, 3]))


def between(plan, lan, receivers=True):
    """Which messages, of whom and for whom: block `match` or `capture`."""
    block = {}
    types = some_types(plan.rng)
    if types:
        block['type'] = types
    for key in ('from', 'to') if receivers else ('from',):
        draw = plan.rng.random()
        if draw < 0.3:
            block[key] = plan.some(lan)
        elif draw < 0.5:
            block[key] = {'role': plan.rng.choice(['gcks', 'member']), 'lan': lan}
    return block


def replay(plan, lan):
    """What goes by is recorded and comes again."""
    rng = plan.rng
    how = {'which': rng.choice(['last', 'older', 'oldest', 'any', 'any']), 'rate': rng.choice([1, 3, 10])}
    if rng.random() < 0.2:
        how['after'] = 'boot:*'
    if rng.random() < 0.3:
        how['min_age'] = rng.choice([500, 3000, 10000])
    if rng.random() < 0.2:
        how['source'] = plan.some(lan, 1)
    if rng.random() < 0.2:
        how['segment'] = plan.lan()
    return {'capture': between(plan, lan), 'replay': how}


def masquerade(plan, lan):
    """Somebody claims to be GCKS, or to want to be it."""
    rng = plan.rng
    claim = {'state': rng.choice(['gcks', 'gcks', 'initial']), 'priority': rng.choice([1, 100, 255]),
             'interval': rng.choice([1, 1, 3]) * plan.case['options']['advert']}
    draw = rng.random()
    if draw < 0.3:
        claim['source'] = plan.some(lan, 1)
    elif draw < 0.5:
        claim['identities'] = rng.choice([2, 20])
    if rng.random() < 0.4:
        claim['kek'] = False
    return {'claim': claim, 'rate': rng.choice([1, 2, 5]), 'answer': rng.choice(['nothing', 'init'])}


def forge(plan, lan):
    """Messages that only holders of keys may make, and refusals that nobody signs."""
    rng = plan.rng
    block = {'message': rng.choice(FORGED), 'rate': rng.choice([1, 5, 20])}
    if block['message'] == 'wrong_gcks':
        block['claim'] = {'source': plan.some(lan, 1)}
    if rng.random() < 0.3:
        block['match'] = {rng.choice(['from', 'to']): plan.some(lan)}
    return block


def flood(plan, lan):
    """Requests that nobody means, from anywhere, from the LAN, or in the name of a router."""
    rng = plan.rng
    block = {'rate': rng.choice([2, 10, 40]), 'sources': rng.choice(['many', 'link'])}
    if rng.random() < 0.3:
        block['claim'] = {'source': plan.some(lan, 1)}
    if rng.random() < 0.3:
        block['to'] = plan.some(lan, 1)
    if rng.random() < 0.3:
        block.update(cookies=True, rate=rng.choice(COOKIE_RATES))
    return block


def suppress(plan, lan):
    """Messages do not reach everybody."""
    return {'match': between(plan, lan), 'probability': plan.rng.choice([0.1, 0.5, 1])}


def delay(plan, lan):
    """They come late."""
    return {**suppress(plan, lan), 'delay': plan.rng.choice([100, 1000, 5000])}


def modify(plan, lan):
    """They come with another bit, or another octet."""
    block = suppress(plan, lan)
    if plan.rng.random() < 0.4:
        block.update(field=True, offset=plan.rng.randint(0, 80), value=plan.rng.randint(0, 255))
    return block


# Every kind of attack: how often, and who says what it does. Insiders are left out: they succeed.
ATTACKS = {
    'replay': (6, replay), 'masquerade': (4, masquerade), 'forge': (4, forge), 'flood': (3, flood),
    'suppress': (3, suppress), 'delay': (3, delay), 'modify': (3, modify)}
INTERCEPTS = ('suppress', 'delay', 'modify')  # what some do not hear


def draw_attacks(plan, begin, end):
    """Faults that are attacks; none in a third of the cases."""
    rng = plan.rng
    faults = []
    kinds = sorted(ATTACKS)
    for number in range(rng.choice([0, 0, 1, 1, 2, 3])):
        kind = rng.choices(kinds, [ATTACKS[one][0] for one in kinds])[0]
        lan = plan.lan()
        at = rng.choice([0, rng.randrange(begin, end - 1)])
        name = 'attack%d' % (number + 1)
        attack = {'at': at, 'do': 'attack', 'kind': kind, 'id': name, 'segment': lan,
                  **ATTACKS[kind][1](plan, lan)}
        stop = {'at': at + rng.choice([2000, 10000, 30000, 120000]), 'do': 'stop_attack', 'ref': name}
        faults.append([event for event in (attack, stop) if event['at'] < end])
    return faults


def attacks_of(events, *kinds):
    """The attacks among events, or those of some kinds."""
    return [event for event in events
            if event['do'] == 'attack' and (not kinds or event['kind'] in kinds)]


def aftermath(events, down):
    """For how long what attacks have done goes on when they have ended: messages still to come, a GCKS
    that is not there and is believed alive until it is missed."""
    late = [event.get('delay', 1000) for event in attacks_of(events, 'delay')]
    claimed = [event.get('claim', {}).get('interval', 10000)
               for event in attacks_of(events, 'masquerade')]
    return max(late, default=0) + (down + 1) * max(claimed, default=0)
