"""Fifty people at work for as long as one likes: are answers quick to the end, and does memory stay where it is?"""

from __future__ import annotations

import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from scripts.faults import checks
from scripts.faults.crowd import Deeds, busy, together
from scripts.faults.processes import WEB, WORKER, Portal, standing

LOOKS = ("/c/acme/", "/c/acme/absences", "/c/acme/calendar", "/c/acme/profile")
#: Seconds between two looks of one person, at most; and between two looks at the memory.
THINK, EVERY = 6.0, 5.0
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
            f"{self.median * 1000:.0f} ms, 95 of 100 within {self.p95 * 1000:.0f} ms; memory of web and worker "
            f"{self.early:.0f} MB in the second quarter, {self.late:.0f} MB in the last "
            f"({self.late / self.early - 1:+.1%}), at most {max(self.memory):.0f} MB.{wrong}"
        )


def run(minutes: float, people: int) -> Soaked:
    with standing(people) as portal:
        deeds, memory = [Deeds() for _ in range(people)], list[float]()
        stop = threading.Event()
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
            stop.set()
            for hand in hands:
                hand.result()
        wrong = [odd for one in deeds for odd in one.odd] + checks.calm_down(portal)
        wrong += checks.look(portal, together(deeds))
    seconds = sorted(second for one in deeds for second in one.seconds)
    return Soaked(
        minutes,
        people,
        sum(one.requests for one in deeds),
        seconds[len(seconds) // 2],
        seconds[int(len(seconds) * 0.95)],
        tuple(memory),
        tuple(wrong),
    )


def _megabytes(portal: Portal) -> float:
    pids = [*portal.web_pids(), portal.children[WORKER].pid] if WEB in portal.children else []
    return sum(_resident(pid) for pid in pids) / 1_000


def _resident(pid: int) -> int:
    """Kilobytes of its own: what is shared with others is counted in part."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0
