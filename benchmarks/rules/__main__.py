"""``python -m benchmarks.rules``: print the measurements, and end with 1 when a limit is missed."""

from __future__ import annotations

import gc
import random
import resource
import statistics
import sys
import time

from benchmarks.rules.population import NOW, LeafLists, pathway, rules_of_leaves
from microcred_app import rules

__all__ = ["main"]

LEARNERS = 1_000_000
RULES = 100
SAMPLE = 10_000
LIMIT_SECONDS = 60.0
LIMIT_MEGABYTES = 1_000
PATHWAYS = 10_000
BADGES = 5_000
LEAST_RATIO = 500
EVENTS = 200
TURNS = 5
STRIDE = 10  # each learner of the sample is judged by every tenth rule


def main() -> int:
    """Measure, print, judge."""
    return 1 if bulk() + event() else 0


def bulk() -> int:
    """A back-fill in memory, from lists of learners to sets of those who qualify."""
    nodes = rules_of_leaves(RULES)
    leaves = rules.leaves_to_gather(nodes.values())
    people = LeafLists(LEARNERS)
    entries = sum(len(found) for _leaf, found in people.lists(leaves))
    people.seconds = 0.0
    begin = time.process_time()
    met = rules.gather(people.lists(leaves), LEARNERS)
    begin += people.seconds
    gathered = time.process_time()
    found = rules.Population(LEARNERS, met, NOW).satisfying_each(nodes)
    end = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
    qualify = sum(learners.bit_count() for learners in found.values())
    print(
        f"Back-fill: {LEARNERS:,} learners × {RULES} rules of {len(leaves) // RULES} leaves (all different)"
    )
    print(f"  lists to sets   {gathered - begin:8.2f} s   {entries:,} entries in {len(leaves):,} lists")
    print(f"  evaluation      {end - gathered:8.2f} s   {qualify:,} of {LEARNERS * RULES:,} verdicts are yes")
    missed = _judge(
        f"  together        {end - begin:8.2f} s", end - begin <= LIMIT_SECONDS, f"{LIMIT_SECONDS:g} s"
    )
    missed += _judge(f"  memory at peak  {peak:8.0f} MB", peak <= LIMIT_MEGABYTES, f"{LIMIT_MEGABYTES} MB")
    return missed + compare(people, nodes, leaves, found)


def compare(
    people: LeafLists, nodes: dict[int, rules.Node], leaves: tuple[rules.Leaf, ...], found: dict[int, int]
) -> int:
    """The same verdicts one by one, for a random sample of learners and every rule."""
    sample = random.Random(11).sample(range(people.size), SAMPLE)
    numbered = list(enumerate(leaves))
    begin = time.process_time()
    differing = yes = 0
    members = {key: bytes(_flags(learners, people.size)) for key, learners in found.items()}
    per_rule = len(leaves) // len(nodes)
    for turn, learner in enumerate(sample):
        chosen = range(turn % STRIDE, len(nodes), STRIDE)
        facts = people.facts_of(
            learner, [pair for key in chosen for pair in numbered[key * per_rule : (key + 1) * per_rule]]
        )
        for key in chosen:
            verdict = rules.is_met(nodes[key], facts, NOW)
            yes += verdict
            differing += verdict != members[key][learner]
    seconds = time.process_time() - begin
    verdicts = sum(len(range(turn % STRIDE, len(nodes), STRIDE)) for turn in range(SAMPLE))
    print(
        f"  one by one      {seconds:8.2f} s   {verdicts:,} verdicts of {SAMPLE:,} learners, {yes:,} are yes"
    )
    return _judge(f"  differing       {differing:8}", differing == 0, "0")


def _flags(learners: int, size: int) -> bytearray:
    flags = bytearray(size)
    for learner in rules.learners_in(learners, size):
        flags[learner] = 1
    return flags


def event() -> int:
    """One badge earned: the rules that mention it, against all rules, in turns in the same run."""
    nodes = {number: pathway(number, BADGES) for number in range(PATHWAYS)}
    begin = time.process_time()
    index = rules.RuleIndex(nodes)
    built = time.process_time() - begin
    chance = random.Random(13)
    ratios, fast, slow, looked = [], [], [], []
    for _turn in range(TURNS):
        held = [rules.BadgeFact(f"h{key}", f"b{key}", NOW) for key in chance.sample(range(BADGES), 40)]
        facts = rules.Facts(held)
        earned = [("badge", fact.key) for fact in chance.choices(held, k=EVENTS)]
        begin = time.process_time()
        answers = [dict(index.met([mention], facts, NOW)) for mention in earned]
        one = (time.process_time() - begin) / EVENTS
        begin = time.process_time()
        full = {
            key: rules.evaluate(node, facts, NOW)
            for key, node in nodes.items()
            if rules.is_met(node, facts, NOW)
        }
        whole = time.process_time() - begin
        for mention, answer in zip(earned, answers, strict=True):
            concerned = {key for key in full if mention in rules.mentions(nodes[key])}
            assert answer == {key: full[key] for key in concerned}, f"the index differs for {mention}"
        ratios.append(whole / one)
        fast.append(one)
        slow.append(whole)
        looked.append(sum(len(index.mentioning([mention])) for mention in earned) / EVENTS)
    ratio = statistics.median(ratios)
    print(f"One event among {PATHWAYS:,} pathways over {BADGES:,} badges")
    print(f"  rules asked     {statistics.mean(looked):8.1f}     mention the badge")
    print(f"  index built     {built:8.2f} s")
    print(f"  by the index    {statistics.median(fast) * 1e6:8.0f} µs")
    print(f"  full scan       {statistics.median(slow) * 1e6:8.0f} µs")
    return _judge(f"  ratio           {ratio:8.0f}", ratio >= LEAST_RATIO, f"at least {LEAST_RATIO}")


def _judge(label: str, kept: bool, limit: str) -> int:
    print(f"{label}   {'kept' if kept else 'MISSED'} (limit {limit})")
    return 0 if kept else 1


if __name__ == "__main__":
    gc.freeze()
    sys.exit(main())
