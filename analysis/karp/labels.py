# SPDX-License-Identifier: GPL-2.0-only
"""Names of metrics and variables for people, with units."""

from __future__ import annotations

from .expressions import ExpressionError, evaluate, is_time

METRICS = {
    "t_gcks": "Takeover time (s)",
    "t_takeover": "Takeover time (s)",
    "t_rejoin": "Time until all have rejoined (s)",
    "t_rekeyed": "Time until all hold the new KEK (s)",
    "t_join": "Join time (s)",
    "t_exchange": "Duration of the join exchanges (s)",
    "t_merge": "Merge time (s)",
    "t_replay_window": "Replay window (s)",
    "outage_data": "Lost adjacency (router-seconds)",
    "outage_key": "Key plane outage (s)",
    "key_changes": "Key changes",
    "seq_drops": "Dropped for their sequence number",
    "adjacency_drops": "Adjacencies lost",
    "cpu": "Charged CPU time (s)",
    "accepted_replays": "Replays accepted",
    "accepted_forgeries": "Accepted",
    "attack_drops": "Refused",
    "half_open": "Half-open associations",
    "t_join_max": "Longest join (s)",
    "injected": "Messages of the attacker",
    "t_adjacency_lost": "Time to the first lost adjacency (s)",
    "false_alarms": "Neighbours given up that run",
    "t_full": "Time until all are Full (s)",
    "taken": "Messages kept from receivers",
}
VARIABLES = {
    "N": "Number of routers",
    "adv": "Advertisement interval",
    "loss": "Loss",
    "dup": "Duplication",
    "reorder": "Reordering",
    "perkey": "A number for each key",
    "s": "Spacing",
    "case": "Case",
    "hello": "Hello interval",
    "rate": "Requests a second",
    "share": "Share suppressed",
    "message": "Forged message",
    "queue": "Queue",
    "names": "Identities of the attacker",
}
MESSAGES = {
    "advert": "Advertisement", "update": "Group update", "nonce": "Nonce", "ike_sa_init": "IKE_SA_INIT",
    "ike_auth": "IKE_AUTH", "group": "Group exchange", "informational": "INFORMATIONAL",
    "hello": "OSPF Hello",
}
SHARES = ("loss", "dup", "reorder")  # variables that are probabilities


def metric(name: str) -> str:
    """Axis label of a metric."""
    if name in METRICS:
        return METRICS[name]
    table, _, entry = name.partition(".")
    if entry and table in METRICS:
        return f"{METRICS[table]}: {entry.replace('_', ' ')}"
    words = name.replace("_", " ")
    if name.startswith("t_"):
        return f"{words[2:].capitalize()} time (s)"
    if name.startswith("outage_"):
        return f"{words.capitalize()} (s)"
    if "bytes" in name:
        return f"{words.capitalize()} (B)" if "(" not in words else words.capitalize()
    return words[:1].upper() + words[1:]


def unit(name: str) -> str:
    """Unit of a metric for the heading of a column."""
    if name.startswith(("t_", "outage_")) or name.startswith("cpu"):
        return "s"
    return "B" if "bytes" in name else ""


def variable(name: str) -> str:
    """What a variable of a sweep is called."""
    return VARIABLES.get(name, name)


def value(name: str, text: str) -> str:
    """A value of a variable: ``0.05`` of a loss is ``5 %``, ``250ms`` is ``250 ms``."""
    text = text.strip()
    try:
        number = evaluate(text)
    except ExpressionError:
        return text
    if name in SHARES and not is_time(text):
        return f"{100 * number:g} %"
    if is_time(text):
        digits = text.rstrip("nusmihn")
        return f"{digits} {text[len(digits):]}"
    return text


def message(name: str) -> str:
    """A type of message; ``kmp/advert`` and ``advert`` alike."""
    word = name.rsplit("/", 1)[-1].rsplit(".", 1)[-1].lower()
    return MESSAGES.get(word, name)
