# SPDX-License-Identifier: GPL-2.0-only
"""Delta debugging over cases of chaos_case: the smallest case that still fails as the first one did."""

import copy
import itertools

from karp.chaos_case import (BEGIN, PLAIN, VICTIMS, blocks, everybody, events_of, without_lan,
                             without_routers)

SLACK = 1000  # from the last fault to the end of all
# Keys without which an attack, or whom it is about, says nothing.
NEEDED = {'at', 'do', 'kind', 'id', 'segment', 'interval', 'role', 'lan'}


def chunks(count):
    """Ranges of 0..count-1 to leave out: halves first, single ones last."""
    size = count
    while size >= 1:
        for first in range(0, count, size):
            yield range(first, min(first + size, count))
        size = size // 2 if size > 1 else 0


def fewer_lans(case):
    """Cases with a LAN less, the last one first."""
    for index in reversed(range(len(case['lans']))):
        yield without_lan(case, index)


def fewer_faults(case):
    """Cases with fewer faults."""
    for chunk in chunks(len(case['faults'])):
        smaller = dict(case)
        smaller['faults'] = [f for i, f in enumerate(case['faults']) if i not in chunk]
        yield smaller


def fewer_routers(case):
    """Cases with fewer routers."""
    routers = everybody(case)
    for chunk in chunks(len(routers)):
        yield without_routers(case, [routers[i] for i in chunk])


def fewer_events(case):
    """Cases where a fault has an event less: a crash without a boot, for example."""
    for index, fault in enumerate(case['faults']):
        for left_out in range(len(fault) if len(fault) > 1 else 0):
            smaller = dict(case)
            smaller['faults'] = list(case['faults'])
            smaller['faults'][index] = fault[:left_out] + fault[left_out + 1:]
            yield smaller


def fewer_victims(case):
    """Cases where an event meets a router less, or costs less than everything."""
    for index, fault in enumerate(case['faults']):
        for number, event in enumerate(fault):
            for place, block in enumerate(blocks(event)):
                for key in VICTIMS:
                    victims = block.get(key)
                    for victim in victims if isinstance(victims, list) and len(victims) > 1 else []:
                        smaller = copy.deepcopy(case)
                        met = list(blocks(smaller['faults'][index][number]))[place]
                        met[key].remove(victim)
                        yield smaller


def plainer_attacks(case):
    """Cases where an attack says less of what it does."""
    for index, fault in enumerate(case['faults']):
        for number, event in enumerate(fault):
            for place, block in enumerate(blocks(event) if event['do'] == 'attack' else []):
                for key in sorted(set(block) - NEEDED):
                    smaller = copy.deepcopy(case)
                    del list(blocks(smaller['faults'][index][number]))[place][key]
                    yield smaller


def simpler_options(case):
    """Cases with plainer options: all of them, then each."""
    odd = [name for name in PLAIN if case['options'][name] != PLAIN[name]]
    for names in [odd] + [[name] for name in odd] if len(odd) > 1 else [odd]:
        if names:
            simpler = dict(case)
            simpler['options'] = {**case['options'], **{name: PLAIN[name] for name in names}}
            if simpler['options']['credentials'] in ('psk', 'pair-psk'):
                simpler['options']['trust'] = False
                simpler['revoked'] = {}
            yield simpler


def simpler_rest(case):
    """Cases without clocks, strangers, priorities, an eviction."""
    for key, nothing in (('clocks', {}), ('revoked', {}), ('mismatch', []), ('eviction', None)):
        if case[key]:
            yield {**case, key: nothing}
            for one in case[key] if key != 'eviction' and len(case[key]) > 1 else []:
                less = copy.deepcopy(case)
                less[key].remove(one) if key == 'mismatch' else less[key].pop(one)
                yield less
    for index, lan in enumerate(case['lans']):
        if lan['priority']:
            lans = list(case['lans'])
            lans[index] = {**lan, 'priority': {}}
            yield {**case, 'lans': lans}


def shorter(case):
    """Cases that end sooner, and begin sooner."""
    last = max([event['at'] + event.get('down', 0) + 2 * event.get('stagger', 0)
                for event in events_of(case)] + list(case['revoked'].values())
               + [BEGIN]) + SLACK
    if last < case['end']:
        yield {**case, 'end': last}
    if case['faults'] and not case['revoked']:
        first = min(event['at'] for event in events_of(case))
        for begin in (BEGIN, 15000):
            early = first - begin
            if early > SLACK:
                moved = copy.deepcopy(case)
                moved['end'] -= early
                for event in events_of(moved):
                    event['at'] -= early
                yield moved


PASSES = (shorter, fewer_lans, fewer_faults, fewer_routers, simpler_rest, simpler_options,
          fewer_events, fewer_victims, plainer_attacks)


def shrink(case, fails, tries=400, told=lambda tried, case: None):
    """Makes a case smaller as long as it fails.

    fails(cases) -> for each case whether it fails; it is asked about a few at once, so that it can
    use all processors. Returns the smallest case found and how many were tried."""
    tried = 0
    batch = getattr(fails, 'batch', 1)
    again = True
    while again and tried < tries:
        again = False
        for candidates in PASSES:
            at = 0
            while tried < tries:
                asked = [(number, one) for number, one in itertools.islice(
                    enumerate(candidates(case)), at, at + batch)]
                if not asked:
                    break
                asked = [(number, one) for number, one in asked if one is not None and one != case]
                tried += len(asked)
                told(tried, case)
                bad = fails([one for _, one in asked]) if asked else []
                found = [pair for pair, yes in zip(asked, bad) if yes]
                # What did not fail before the last success will hardly fail after it; the next
                # round begins with the first one again.
                at, case = found[0] if found else (at + batch, case)
                again = again or bool(found)
    return case, tried
