"""`python -m benchmarks [NAME ...]`: measures what is named, or everything, into benchmarks/results.json."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from benchmarks import calendar, ledger, pages, pdf, people_import, wishes

RESULTS = Path(__file__).with_name("results.json")
PARTS = {
    "pages": pages.measure,
    "pdf": pdf.measure,
    "import": people_import.measure,
    "ledger": ledger.measure,
    "calendar": calendar.measure,
    "wishes": wishes.measure,
}


def main(names: list[str]) -> None:
    """What is not measured this time keeps its row from before."""
    unknown = set(names) - PARTS.keys()
    if unknown:
        raise SystemExit(f"There is no {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}.")
    rows = {row["name"]: row for row in json.loads(RESULTS.read_text())} if names and RESULTS.exists() else {}
    for name in names or PARTS:
        start = time.monotonic()
        print(f"Measuring {name} ...", flush=True)
        for row in PARTS[name]():
            rows[row["name"]] = row
            print(
                f"  {row['name']:<40} {row['value']:>10} {row['unit']:<12} floor {row['floor']:>9} "
                f" ratio {row['ratio']}"
            )
        print(f"  took {time.monotonic() - start:.0f} s")
    RESULTS.write_text(json.dumps(list(rows.values()), indent=1) + "\n")
    print(f"Written to {RESULTS.relative_to(Path.cwd()) if RESULTS.is_relative_to(Path.cwd()) else RESULTS}.")


if __name__ == "__main__":
    main(sys.argv[1:])
