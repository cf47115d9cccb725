"""`python -m scripts.faults --rounds 200`, or `--soak 60`; exits with 1 when something was lost, doubled or grew."""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import sys
import time

from scripts.faults import rounds, soak


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, help="how many times something is killed")
    parser.add_argument("--minutes", type=float, help="begin no round after this long")
    parser.add_argument("--seed", type=int, help="to have the same moments again")
    parser.add_argument(
        "--soak", type=float, metavar="MINUTES", help="kill nothing; 50 people work for so long"
    )
    parser.add_argument("--people", type=int, default=50, help="how many work during a soak")
    asked = parser.parse_args()
    logging.getLogger("portal").setLevel(logging.CRITICAL)
    logging.getLogger("procrastinate").setLevel(logging.CRITICAL)
    if asked.soak:
        found = soak.run(asked.soak, asked.people)
        print(found.text())
        return 0 if found.good else 1
    seed = secrets.randbelow(10**6) if asked.seed is None else asked.seed
    begun = time.monotonic()
    result = rounds.run(asked.rounds, seed=seed, minutes=asked.minutes)
    verdict = f"WRONG: {'; '.join(result.wrong)}" if result.wrong else "nothing lost, nothing done twice"
    minutes = (time.monotonic() - begun) / 60
    killed = ", ".join(f"{part} {count}" for part, count in sorted(result.killed.items()))
    print(
        f"{result.rounds} rounds in {minutes:.1f} minutes on {os.cpu_count()} processors, seed {seed}: "
        f"killed {killed}; {result.asked} requests and {result.withdrawn} withdrawals answered with yes, "
        f"{result.tries} sent again, {result.revived} parts ended by themselves and were started anew; {verdict}."
    )
    return 1 if result.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
