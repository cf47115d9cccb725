"""Fifty people at work for as long as one likes: are answers quick to the end, and does memory stay where it is?"""

from __future__ import annotations

import os
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from scripts.faults import checks
from scripts.faults.crowd import Deeds, busy, together
from scripts.faults.processes import WORKER, Portal, standing

LOOKS = ("/c/acme/", "/c/acme/absences", "/c/acme/calendar", "/c/acme/profile")
#: Seconds that a person thinks between two clicks, at most: at work, not in a race; and between two looks at memory.
THINK, EVERY = 20.0, 5.0
#: The last quarter may hold so much more than the second: caches fill during the first.
GROWTH = 1.10


@dataclass(frozen=True)
class Soaked:
    minutes: float
    people: int
    requests: int
    #: Seconds: half of the answers, and 95 of a hundred, were at least so quick.
    median: float
    p95: float
    #: The median of the last quarter: quick to the end?
    late_median: float
    #: How much of one processor web and worker took.
    processor: float
    #: Megabytes of web and worker together at each look.
    memory: tuple[float, ...]
    wrong: tuple[str, ...]

    @property
    def early(self) -> float:
        quarter = max(len(self.memory) // 4, 1)
        return statistics.mean(self.memory[quarter : 2 * quarter] or self.memory)

    @property
    def late(self) -> float:
        return statistics.mean(self.memory[-max(len(self.memory) // 4, 1) :])

    @property
    def good(self) -> bool:
        return not self.wrong and self.late <= self.early * GROWTH

    def text(self) -> str:
        wrong = f" WRONG: {'; '.join(self.wrong[:5])}." if self.wrong else ""
        return (
            f"{self.people} people for {self.minutes:g} minutes: {self.requests} requests, median "
            f"{self.median * 1000:.0f} ms (of the last quarter {self.late_median * 1000:.0f} ms), "
            f"95 of 100 within {self.p95 * 1000:.0f} ms; web and worker took "
            f"{self.processor:.0%} of one processor, and memory of theirs was "
            f"{self.early:.0f} MB in the second quarter, {self.late:.0f} MB in the last "
            f"({self.late / self.early - 1:+.1%}), at most {max(self.memory):.0f} MB.{wrong}"
        )


def run(minutes: float, people: int) -> Soaked:
    with standing(people) as portal:
        deeds, memory = [Deeds() for _ in range(people)], list[float]()
        stop, begun, spent = threading.Event(), time.monotonic(), _spent(portal)
        with ThreadPoolExecutor(people) as pool:
            names = [name for name in portal.crowd.tokens if name != "boss"]
            hands = [
                pool.submit(
                    busy, portal.crowd, name, portal.visitor(name), stop, mine, think=THINK, looks=LOOKS
                )
                for name, mine in zip(names, deeds, strict=True)
            ]
            end = time.monotonic() + minutes * 60
            while time.monotonic() < end:
                time.sleep(EVERY)
                memory.append(_megabytes(portal))
            processor = (_spent(portal) - spent) / (time.monotonic() - begun)
            stop.set()
            for hand in hands:
                hand.result()
        wrong = [odd for one in deeds for odd in one.odd] + checks.calm_down(portal)
        wrong += checks.look(portal, together(deeds))
    seconds = sorted(second for one in deeds for second in one.seconds)
    late = [second for one in deeds for second in one.seconds[-max(len(one.seconds) // 4, 1) :]]
    return Soaked(
        minutes,
        people,
        sum(one.requests for one in deeds),
        seconds[len(seconds) // 2],
        seconds[int(len(seconds) * 0.95)],
        statistics.median(late),
        processor,
        tuple(memory),
        tuple(wrong),
    )


def _pids(portal: Portal) -> list[int]:
    return [*portal.web_pids(), portal.children[WORKER].pid]


def _megabytes(portal: Portal) -> float:
    return sum(_resident(pid) for pid in _pids(portal)) / 1_000


def _spent(portal: Portal) -> float:
    """Seconds of processor that web and worker took so far."""
    return sum(map(_processor_seconds, _pids(portal)))


def _processor_seconds(pid: int) -> float:
    # After the name in brackets: state is field 3, so that fields 14 and 15 are user and system time.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident(pid: int) -> int:
    """Kilobytes of its own: what is shared with others is counted in part."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0
