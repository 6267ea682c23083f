# SPDX-License-Identifier: GPL-2.0-only
"""What an unmodified tshark says of the captures of a lab."""

import os
import re
import shutil
import subprocess

import lab


def tshark(capture, *words):
    """Returns what an unmodified tshark says of a capture, every checksum looked at."""
    done = subprocess.run(['tshark', '-n', '-r', capture, '-d', 'udp.port==848,isakmp',
                           '-o', 'ip.check_checksum:TRUE',
                           '-o', 'udp.check_checksum:TRUE'] + list(words),
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    return done.stdout


def faults(test_lab):
    """Returns what tshark does not like in the captures of a lab, and how many packets there are;
    None without tshark."""
    captures = [test_lab.path(name) for name in sorted(os.listdir(test_lab.folder))
                if name.endswith('.pcap')]
    if not (shutil.which('tshark') and shutil.which('mergecap')):
        return None, 0
    everything = test_lab.path('all.pcapng')
    lab.run('mergecap', '-w', everything, *captures)
    found = look(everything)
    return [packet for packet in found if is_fault(packet)], len(found)


def look(capture):
    """Returns what tshark says of each packet."""
    return tshark(capture, '-V').split('\nFrame ')


def is_fault(packet):
    """Returns whether tshark calls a packet malformed, or one of its checksums wrong."""
    return re.search(r'alformed|\[incorrect|status: Bad|Checksum.*should be', packet) is not None


def damage(test_lab, capture):
    """Changes one octet of an update at a time; returns how many packets tshark then finds bad."""
    with open(capture, 'rb') as handle:
        octets = handle.read()
    at = 24
    while octets[at + 16 + 35] != 4 or octets[at + 16 + 23] != 89:  # the first LS Update
        at += 16 + int.from_bytes(octets[at + 8:at + 12], 'little')
    packet = octets[:24] + octets[at:at + 16 + int.from_bytes(octets[at + 8:at + 12], 'little')]
    start = 24 + 16 + 14  # of IP: its TTL, the Router ID of OSPF, its Packet Length
    counts = {}
    for what, offset in (('whole', None), ('ip', 8), ('ospf', 24), ('length', 22)):
        changed = bytearray(packet)
        if offset is not None:
            changed[start + offset] ^= 0x40
        name = test_lab.path('damaged.pcapng')
        with open(name, 'wb') as handle:
            handle.write(changed)
        counts[what] = len([line for line in look(name) if is_fault(line)])
    return counts
