#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Does the explorer find defects? seeded-defects.py [--time SECONDS] [NAME ...]

Puts one defect after the other into a copy of the sources, builds karp-explore alone and lets it
search. A defect is a text of one file that is replaced; it must be there once. The last line
printed is the count. This takes a while and is no part of ./karp test."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time

import karp_tree

# name, file, text, replacement, further options of karp-explore
DEFECTS = [
    ('election-compares-inversely', 'model/kmp/karp-gcks-election.cc',
     'const bool better = IsMorePreferred({advert.priority, from}, Rank());',
     'const bool better = !IsMorePreferred({advert.priority, from}, Rank());', []),
    ('member-compares-inversely', 'model/kmp/karp-gcks-election.cc',
     'const bool preferred = IsMorePreferred({m_advert.priority, m_from}, m_gcksRank);',
     'const bool preferred = IsMorePreferred(m_gcksRank, {m_advert.priority, m_from});', []),
    ('silence-not-noticed', 'model/kmp/karp-gcks-election.cc',
     'Handle(Event::HEARTBEAT_LOST, now);', 'break;', []),
    ('no-merge', 'model/kmp/karp-gcks-election.cc',
     '{In(R::GCKS), E::GCKS_BETTER, &GcksElection::ActMerge, In(R::GCKS), "H 3.2 (E9)"}',
     '{In(R::GCKS), E::GCKS_BETTER, &GcksElection::ActAssert, In(R::GCKS), "H 3.2 (E9)"}', []),
    ('merge-never-ends', 'model/kmp/karp-mrkmp-merge.cc',
     '    m_handover.reset();\n    m_election.Merged(gcks, now);',
     '    m_handover.reset();\n    (void)gcks;', []),
    ('merge-forgets-keys', 'model/kmp/karp-mrkmp-merge.cc',
     'const bool changed = safe && m_keys.AdoptForeignPmks(*offered, now);',
     'const bool changed = safe;', []),
    ('merge-keeps-kek', 'model/kmp/karp-mrkmp-merge.cc',
     '        m_keys.RetireKek(keyId, true);\n', '        (void)keyId;\n', []),
    ('sends-after-lifetime', 'model/kmp/karp-mrkmp-gcks.cc',
     'if (wanted && kek.row.lifetimes.CanSend(now))', 'if (wanted)', []),
    ('no-lead', 'model/kmp/karp-group-keys.cc',
     'const Time pmkStart = TakesOverAt(m_pmks, isOurs, pmks.lead, now);',
     'const Time pmkStart = TakesOverAt(m_pmks, isOurs, Time(0), now);', []),
    ('no-renewal', 'model/kmp/karp-mrkmp-gcks.cc',
     'm_timers.Set(Timer::RENEW, yields ? last : std::min(*at, last));',
     '(void)last;\n        (void)yields;', []),
    ('take-over-without-keys', 'model/kmp/karp-mrkmp-gcks.cc',
     '    Renew(RekeyCause::TAKE_OVER, m_keys.OrdinaryHandoff(), now);',
     '    if (m_keys.SendKek(now) == nullptr)\n'
     '        Renew(RekeyCause::TAKE_OVER, m_keys.OrdinaryHandoff(), now);', []),
    ('reboot-changes-no-key', 'model/kmp/karp-mrkmp-gcks.cc',
     'if (lost && !IsUnused(member, known, peer, now))',
     'if (lost && false && !IsUnused(member, known, peer, now))', ['--set=RebootAlways=true']),
    ('rebooted-sends-under-old-key', 'model/kmp/karp-mrkmp-gcks.cc',
     'Deliver(lost ? m_keys.DownloadForRebooted(now) : m_keys.Download(now))',
     'Deliver(m_keys.Download(now))', ['--set=RebootAlways=true']),
    ('sequence-not-checked', 'model/kmp/karp-group-cipher.cc',
     'number->number <= channel->lastSequence)', 'number->number == 0)', []),
    ('blacklist-for-ever', 'model/kmp/karp-blacklist.h',
     'if (entry->second <= now)', 'if (entry->second < Time(0) && entry->second <= now)', []),
    ('failed-join-not-told', 'model/kmp/karp-mrkmp-member.cc',
     '    m_election.JoinFailed(now);\n', '    (void)now;\n', []),
]


def copy_tree(root, target):
    """Copies what the build reads."""
    for name in ('model', 'helper', 'examples', 'test'):
        shutil.copytree(os.path.join(root, name), os.path.join(target, name))
    for name in ('CMakeLists.txt', 'sources.txt'):
        shutil.copy(os.path.join(root, name), target)


def build(target, folder):
    """Builds karp-explore; returns what went wrong, or nothing."""
    done = subprocess.run(['ninja', '-C', folder, 'karp-explore'], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors='replace', check=False,
                          cwd=target)
    return done.stdout[-2000:] if done.returncode != 0 else ''


def explore(folder, seconds, options):
    """Runs the search; returns whether it found something, and what in a line."""
    command = [os.path.join(folder, 'karp-explore'), '--time=%d' % seconds] + options
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors='replace', check=False, timeout=seconds + 60)
    except subprocess.TimeoutExpired:
        return False, 'it did not end in time'
    lines = done.stdout.splitlines()
    said = [line for line in lines if line.startswith(('found: ', 'choices: '))]
    if done.returncode not in (0, 1):
        raise SystemExit('karp-explore ended with %d: %s' % (done.returncode, done.stdout[-500:]))
    return done.returncode == 1, '; '.join(said)


def trial(target, folder, seconds, defect):
    """Seeds one defect; returns whether it was found."""
    name, path, text, replacement, options = defect
    place = os.path.join(target, path)
    with open(place, encoding='ascii') as handle:
        before = handle.read()
    if before.count(text) != 1:
        raise SystemExit('%s: %s has the text %d times, not once: %s'
                         % (name, path, before.count(text), text))
    with open(place, 'w', encoding='ascii') as handle:
        handle.write(before.replace(text, replacement))
    try:
        wrong = build(target, folder)
        if wrong:
            raise SystemExit('%s does not compile\n%s' % (name, wrong))
        began = time.monotonic()
        found, what = False, ''
        for routers in (2, 3):  # the smaller group is searched faster
            if not found:
                found, what = explore(folder, seconds / 2,
                                      ['--routers=%d' % routers] + options)
        print('%-30s %-9s %5.1f s  %s' % (name, 'found' if found else 'NOT FOUND',
                                          time.monotonic() - began, what), flush=True)
    finally:
        with open(place, 'w', encoding='ascii') as handle:
            handle.write(before)
    return found


def main():
    """Tries all defects, or those that are named; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--time', type=float, default=120, metavar='SECONDS',
                        help='for each defect (default %(default)s)')
    parser.add_argument('name', nargs='*', help='only these (default: all)')
    args = parser.parse_args()
    unknown = set(args.name) - {defect[0] for defect in DEFECTS}
    if unknown:
        parser.error('there is no defect ' + ', '.join(sorted(unknown)))
    chosen = [defect for defect in DEFECTS if not args.name or defect[0] in args.name]
    root = karp_tree.root_of(sys.argv[:1])
    found = 0
    with tempfile.TemporaryDirectory(prefix='karp-seeded-') as target:
        copy_tree(root, target)
        folder = os.path.join(target, 'build')
        subprocess.run(['cmake', '-G', 'Ninja', '-S', target, '-B', folder, '-DKARP_WITHOUT_NS3=ON',
                        '-DKARP_FUZZERS=OFF'], stdout=subprocess.DEVNULL, check=True)
        for defect in chosen:
            found += trial(target, folder, args.time, defect)
    print('%d of %d found' % (found, len(chosen)))
    return 0 if found == len(chosen) else 1


if __name__ == '__main__':
    sys.exit(main())
