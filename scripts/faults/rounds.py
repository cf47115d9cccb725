"""Kills a part at a random moment while people work, lets it come back, and asks whether anything is lost or twice."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from scripts.faults import checks
from scripts.faults.crowd import Deeds, busy, together
from scripts.faults.processes import VICTIMS, WEB, Portal, standing

PEOPLE = 6


@dataclass
class Result:
    """Of all rounds."""

    rounds: int = 0
    killed: Counter[str] = field(default_factory=Counter)
    asked: int = 0
    withdrawn: int = 0
    #: Answers that were sent again because something was dead.
    tries: int = 0
    #: Parts that ended by themselves because another was dead, and were started again as a unit does.
    revived: int = 0
    wrong: list[str] = field(default_factory=list)


def run(
    rounds: int, *, seed: int, minutes: float | None = None, say: Callable[[str], None] = print
) -> Result:
    """Stops at the first round that leaves something wrong, and when the time is over."""
    chance, result = random.Random(seed), Result()  # noqa: S311 - to have the same moments again
    end = None if minutes is None else time.monotonic() + minutes * 60
    with standing(PEOPLE) as portal:
        deeds = [Deeds() for _ in range(PEOPLE)]
        for number in range(1, rounds + 1):
            if end is not None and time.monotonic() > end:
                break
            victim = VICTIMS[number % len(VICTIMS)] if number <= len(VICTIMS) else chance.choice(VICTIMS)
            wrong = _round(portal, deeds, victim, chance, result)
            result.rounds, result.wrong = number, wrong
            result.killed[victim] += 1
            verdict = "; ".join(wrong[:5]) or "nothing lost, nothing twice"
            say(f"round {number}: {victim} killed; {_figures(deeds)}; {verdict}")
            if wrong:
                break
        result.asked = sum(len(one.asked) for one in deeds)
        result.withdrawn = sum(len(one.withdrawn) for one in deeds)
        result.tries = sum(one.tries for one in deeds)
    return result


def _round(
    portal: Portal, deeds: list[Deeds], victim: str, chance: random.Random, result: Result
) -> list[str]:
    stop = threading.Event()
    with ThreadPoolExecutor(PEOPLE) as pool:
        names = [name for name in portal.crowd.tokens if name != "boss"]
        hands = [
            pool.submit(busy, portal.crowd, name, portal.visitor(name), stop, mine, think=0.1)
            for name, mine in zip(names, deeds, strict=True)
        ]
        time.sleep(chance.uniform(0.3, 2.0))
        portal.kill(victim)
        time.sleep(chance.uniform(0.0, 0.5))
        portal.start(victim)
        portal.wait_until_ready()
        time.sleep(0.5 if victim == WEB else 0.2)
        stop.set()
        for hand in hands:
            hand.result()
    result.revived += len(portal.revive())
    wrong = [odd for one in deeds for odd in one.odd]
    return wrong + checks.calm_down(portal) + checks.look(portal, together(deeds))


def _figures(deeds: list[Deeds]) -> str:
    asked, withdrawn, tries = (
        sum(len(one.asked) for one in deeds),
        sum(len(one.withdrawn) for one in deeds),
        sum(one.tries for one in deeds),
    )
    return f"{asked} asked, {withdrawn} withdrawn, {tries} sent again"
