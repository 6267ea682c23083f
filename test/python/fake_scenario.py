#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Stands in for karp-scenario in the tests of the analysis: the same options and files, numbers
drawn from the closed form of a takeover instead of a simulation.

KARP_FAKE in the environment makes it misbehave: ``crash``, ``garbage``, ``nan``, ``missing``,
``wrong`` (exit 3), ``slow`` (sleeps), ``null`` (no takeover); with ``:N`` only in run N.
"""

import json
import os
import random
import signal
import sys
import time

LAG = 0.004       # s from a silence that ends to the first advertisement
JITTER = 0.05
KILL = 60.0


def options(words):
    """--name=value and --name as a dictionary."""
    found = {}
    for word in words:
        name, _, value = word.lstrip("-").partition("=")
        found[name] = value
    return found


def seconds(text):
    """250ms or 1s as a number."""
    return float(text[:-2]) / 1000 if text.endswith("ms") else float(text.rstrip("s"))


class Run:
    """One run: a GCKS r0 that crashes, r2 that takes over."""

    def __init__(self, given, number):
        self.vars = dict(item.split("=") for item in given.split(",")) if given else {}
        self.nodes = [f"r{i}" for i in range(int(self.vars.get("N", "5")))]
        self.advert = seconds(self.vars.get("adv", "1s"))
        self.loss = float(self.vars.get("loss", "0"))
        self.number = number
        self.random = random.Random(number)
        self.events = []

    def add(self, when, event, **more):
        """An event of the trace."""
        self.events.append({"ev": event, "t": round(when * 1e9), **more})

    def play(self):
        """Fill the trace; returns crash, takeover and end of rejoining."""
        kill = KILL + self.random.random()
        # The same draws whatever the cell, as a simulation does with the same run number.
        age = self.random.random() * self.advert * (1 - JITTER * self.random.random())
        lost = 0
        while self.random.random() < self.loss and lost < 2:
            lost += 1
        skew = (256 - (180 if len(self.nodes) > 2 else 150)) / 256
        taken = kill + max(0.01, (3 + skew - lost) * self.advert - age) + LAG
        heir = "r2" if len(self.nodes) > 2 else "r1"
        self.elect(0.5 * self.random.random(), 3.3 * self.advert, "r0", self.nodes, 1)
        if len(self.nodes) > 2:
            self.add(35, "fault", do="priority", nodes=["r2"], value=180)
        if self.loss:
            self.add(40, "fault", do="impair", nodes=[], segment="lan0", loss=self.loss)
        self.add(kill, "fault", do="crash", label="kill", nodes=["r0"])
        left = [node for node in self.nodes if node != "r0"]
        for node in left:
            wait = 0.3 * self.advert * self.random.random()
            self.role(taken - 0.4 * self.advert + wait, node, "member", "initial")
        last = self.elect(0, taken, heir, left, 2)
        return kill, taken, last

    def role(self, when, node, old, new):
        """A change of role."""
        self.add(when, "role", g="g0", n=node, why="x", **{"from": old, "to": new})

    def elect(self, begin, when, gcks, nodes, generation):
        """A GCKS comes up and the others join it; returns when the last one has."""
        last = when
        for node in nodes:
            if begin:
                self.role(begin * (1 + self.random.random()), node, "down", "initial")
        self.role(when, gcks, "initial", "gcks")
        self.keys(when, gcks, generation)
        for node in nodes:
            if node != gcks:
                joined = when + 0.05 + 0.4 * self.random.random() * (1 + 8 * self.loss)
                self.role(joined - 0.04, node, "initial", "member")
                self.keys(joined, node, generation)
                last = max(last, joined)
        return last

    def keys(self, when, node, generation):
        """A KEK and a PMK, the second generation sends after a lead of 30 s."""
        lead = 0 if generation == 1 else 30
        for kind in ("kek", "pmk"):
            self.add(when, "key", g="g0", n=node, kind=kind, op="install",
                     id=f"{generation:016x}", rx_start=round(when * 1e9),
                     tx_start=round((when + lead) * 1e9), tx_end=round((when + 3600) * 1e9),
                     rx_end=round((when + (4000 if generation == 2 else 95 - when)) * 1e9))


def resolved(run):
    """The scenario with its values."""
    return f"""karp: 1
name: fake
run: {{stop: 120s, warmup: 30s, seed: 1}}
topology: {{lan: {{id: lan0, nodes: {len(run.nodes)}}}}}
groups: [{{name: g0, segment: lan0, priority: {{r0: 200, r1: 150, default: 100}}}}]
protocol: {{kmp: mrkmp, advert: {run.advert}s, down: 3, skew: vrrp}}
timeline:
  - {{at: 35s, do: priority, node: [r2], value: 180}}
  - {{at: 40s, do: impair, target: lan0, loss: {run.loss}}}
  - {{at: [60s, 61s], do: crash, target: ["role:gcks"], as: kill}}
"""


def expectations(run, takeover):
    """What the run says about the expectations of the test scenario."""
    sticky = {"id": "sticky", "kind": "always", "verdict": "pass"}
    if run.loss:
        sticky = {"id": "sticky", "kind": "always", "verdict": "skipped"}
    new = {"id": "new", "kind": "eventually",
           "verdict": "pass" if takeover is not None else "fail"}
    if takeover is None:
        new.update(at=64.6, nodes=["r1", "r2"], why="one_gcks(g0) did not come true",
                   lines=['{"ev":"role"}', '{"ev":"end"}'])
    return [sticky, new, {"id": "mean", "kind": "over_runs", "verdict": "deferred"}]


def invariants(mischief):
    """What the run says about two of the rules of every run."""
    reuse = {"id": "invariant sequence-reuse", "kind": "invariant", "verdict": "pass"}
    if mischief == "reuse":
        reuse.update(verdict="fail", at=70.5, nodes=["r2"], why="r2 sends number 7 again",
                     lines=['{"ev":"msg"}'])
    return [{"id": "invariant secrecy", "kind": "invariant", "verdict": "pass"}, reuse]


def write(folder, run, mischief):
    """All files of a run."""
    kill, taken, last = run.play()
    takeover = None if mischief == "null" else taken - kill
    routers, hellos = len(run.nodes), 120 / 10
    octets = {
        "advert": round(84 * 120 / run.advert), "update": round(280 * 120 / 30),
        "ike_sa_init": 2 * 180 * (routers - 1), "ike_auth": 2 * 240 * (routers - 1),
        "hello": round(routers * (100 + 4 * routers) * hellos),
    }
    metrics = {"t_gcks": takeover, "t_rejoin": None if takeover is None else last - kill,
               "bytes_by_type": octets, "key_changes": 2}
    os.makedirs(folder, exist_ok=True)
    run.add(120, "end")
    run.events.sort(key=lambda event: event["t"])
    head = {"ev": "meta", "t": 0, "run": run.number, "ns3": "3.37", "vars": run.vars}
    with open(os.path.join(folder, "trace.jsonl"), "w", encoding="ascii") as file:
        for event in [head] + run.events:
            file.write(json.dumps(event, sort_keys=True, separators=(",", ":")) + "\n")
    with open(os.path.join(folder, "scenario.resolved.yaml"), "w", encoding="ascii") as file:
        file.write(resolved(run))
    with open(os.path.join(folder, "metrics.json"), "w", encoding="ascii") as file:
        text = json.dumps(
            {"duration": 120, "metrics": metrics, "run": run.number, "vars": run.vars})
        file.write({"garbage": text[:30], "nan": text.replace("null", "NaN").replace(
            '"key_changes": 2', '"key_changes": NaN')}.get(mischief, text))
    if mischief == "missing":
        return 0
    said = expectations(run, takeover) + invariants(mischief)
    code = 1 if any(one["verdict"] == "fail" for one in said) else 0
    with open(os.path.join(folder, "verdict.json"), "w", encoding="ascii") as file:
        json.dump({"exit": code, "expectations": said}, file)
    return code


def main():
    """Like karp-scenario."""
    given = options(sys.argv[1:])
    number = int(given["RngRun"])
    mischief, _, only = os.environ.get("KARP_FAKE", "").partition(":")
    if only and int(only) != number:
        mischief = ""
    log = os.environ.get("KARP_FAKE_LOG")
    if log:
        with open(log, "a", encoding="ascii") as file:
            file.write(f"{number} {given.get('set', '')}\n")
    if mischief == "wrong":
        print(f"{given['scenario']}:7: error: unknown key 'toplogy' (did you mean 'topology'?)")
        return 3
    if mischief == "crash":
        print("something is very wrong", flush=True)
        os.kill(os.getpid(), signal.SIGABRT)
    if mischief == "slow":
        time.sleep(20)
    if "progress" in given:
        print("60.5 s  crash r0", flush=True)
    if "pcap" in given:
        os.makedirs(given["out"], exist_ok=True)
        with open(os.path.join(given["out"], "lan0.pcap"), "wb") as file:
            file.write(b"\xd4\xc3\xb2\xa1")
    return write(given["out"], Run(given.get("set", ""), number), mischief)


if __name__ == "__main__":
    sys.exit(main())
