"""The ledger of erasures: grows only, survives half a line, and notices whatever was done to it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from threading import Thread
from uuid import UUID, uuid4

import pytest

from portal.integrations.erasure_ledger import Erasure, ErasureLedger, LedgerBroken

ACME, BETA = uuid4(), uuid4()
KEY = b"k" * 32


@pytest.fixture
def ledger(tmp_path) -> ErasureLedger:
    return ErasureLedger(tmp_path / "erasures", [KEY])


def erasure(company: UUID = ACME, person: UUID | None = None, *parts: str) -> Erasure:
    return Erasure(
        company,
        person or uuid4(),
        datetime(2026, 6, 15, 8, tzinfo=UTC),
        parts or ("event:at-once", "employee:at-once"),
        {"employee:claims": date(2029, 12, 31)},
    )


def test_what_was_written_is_read_company_by_company(ledger):
    one, two, other = erasure(), erasure(), erasure(BETA)
    for each in (one, other, two):
        ledger.append(each)
    assert ledger.read(ACME) == [one, two]
    assert ledger.read(BETA) == [other]
    assert ledger.check() == 3


def test_written_twice_it_counts_once(ledger):
    one = erasure()
    ledger.append(one)
    ledger.append(replace(one, at=datetime(2026, 6, 16, tzinfo=UTC)))
    assert ledger.check() == 1


def test_an_empty_one_is_whole(ledger):
    assert (ledger.read(ACME), ledger.check()) == ([], 0)


def test_only_its_owner_reads_it(ledger):
    ledger.append(erasure())
    file = ledger.folder / "erasures.jsonl"
    assert (file.stat().st_mode & 0o777, ledger.folder.stat().st_mode & 0o777) == (0o600, 0o700)


def test_half_a_line_of_a_power_cut_is_written_over(ledger):
    one, two = erasure(), erasure()
    ledger.append(one)
    with (ledger.folder / "erasures.jsonl").open("ab") as file:
        file.write(b'{"company": "')
    assert ledger.read(ACME) == [one]
    ledger.append(two)
    assert ledger.read(ACME) == [one, two]


@pytest.mark.parametrize("what", ["changed", "taken out", "put in", "exchanged", "rubbish"])
def test_whatever_was_done_to_it_is_noticed(ledger, what):
    for _ in range(3):
        ledger.append(erasure())
    file = ledger.folder / "erasures.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    second = json.loads(lines[1])
    hands = {
        "changed": [lines[0], json.dumps({**second, "person": str(uuid4())}).encode() + b"\n", lines[2]],
        "taken out": [lines[0], lines[2]],
        "put in": [lines[0], lines[0], lines[1], lines[2]],
        "exchanged": [lines[1], lines[0], lines[2]],
        "rubbish": [lines[0], b"rubbish\n", lines[2]],
    }
    file.write_bytes(b"".join(hands[what]))
    with pytest.raises(LedgerBroken):
        ledger.read(ACME)
    with pytest.raises(LedgerBroken):
        ledger.append(erasure())


def test_another_key_reads_nothing_and_an_older_one_still_verifies(ledger):
    ledger.append(erasure())
    with pytest.raises(LedgerBroken):
        replace(ledger, keys=[b"x" * 32]).read(ACME)
    rotated = replace(ledger, keys=[b"n" * 32, KEY])
    rotated.append(erasure())
    assert rotated.check() == 2


def test_writers_at_once_lose_nothing(ledger):
    threads = [Thread(target=ledger.append, args=(erasure(),)) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert ledger.check() == 8
