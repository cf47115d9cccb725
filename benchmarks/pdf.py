"""Measures the roster PDF against the same roster as a plain HTML table through WeasyPrint, in turn, in the same run.

Every rendering has a process of its own, warmed with a small roster, so that neither side inherits the other's caches
or memory. Seconds are of the processor: both sides use one core and wait for nothing, and a busy machine would
otherwise decide the ratio. `python -m benchmarks.pdf` prints the rows.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.roster_sample import sample_roster
from portal.integrations.pdf.roster import render_roster, render_table
from portal.integrations.pdf.sheet import RosterSheet

PROJECT = Path(__file__).resolve().parent.parent
RUNS = 3
SIZES = (200, 500)
FORMS: dict[str, Callable[[RosterSheet], bytes]] = {
    "runs": render_roster,
    "table": lambda sheet: render_table(sheet, tagged=False),
}


def measure() -> list[dict[str, Any]]:
    """Two rows per size: seconds with the plain table's as floor, and the peak memory of the process."""
    rows = []
    for people in SIZES:
        took: dict[str, list[dict[str, float]]] = {form: [] for form in FORMS}
        for _ in range(RUNS):
            for form, results in took.items():
                results.append(_in_own_process(form, people))
        seconds = {form: median(result["seconds"] for result in results) for form, results in took.items()}
        memory = {form: max(result["mebibytes"] for result in results) for form, results in took.items()}
        conditions = f"{people} people, 31 days, medians of {RUNS} in turn, own processes, processor seconds"
        rows.append(
            _row(
                f"pdf.roster.{people}x31", "s", seconds, f"{conditions} after the import; floor: plain table"
            )
        )
        rows.append(
            _row(
                f"pdf.roster.{people}x31.memory", "MiB", memory, f"{conditions}; most of them, whole process"
            )
        )
    return rows


def _row(name: str, unit: str, values: dict[str, float], conditions: str) -> dict[str, Any]:
    value, floor = values["runs"], values["table"]
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "floor": round(floor, 3),
        "ratio": round(value / floor, 4),
        "conditions": conditions,
    }


def _in_own_process(form: str, people: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.pdf", form, str(people)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def _render_once(form: str, people: int) -> dict[str, float]:
    FORMS[form](sample_roster(3))
    sheet = sample_roster(people)
    start = time.process_time()
    FORMS[form](sheet)
    seconds = time.process_time() - start
    return {"seconds": seconds, "mebibytes": _peak_mebibytes()}


def _peak_mebibytes() -> float:
    """Of this program alone: ru_maxrss would also count the larger process that started it."""
    peak = next(
        line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")
    )
    return int(peak.split()[1]) / 1024


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(_render_once(sys.argv[1], int(sys.argv[2]))))
    else:
        for row in measure():
            print(json.dumps(row))
