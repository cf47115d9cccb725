"""The folder of anchors: written once, never over, whole or not at all."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from portal.integrations.anchors import AnchorTaken, FolderAnchors

COMPANY = UUID(int=7)


def test_what_is_written_is_found_in_the_order_of_its_numbers(tmp_path):
    store = FolderAnchors(tmp_path / "deep" / "anchors")
    assert store.numbers(COMPANY) == []
    for seq in (1000, 9, 20):
        store.put(COMPANY, seq, b"%d" % seq)
    assert store.numbers(COMPANY) == [9, 20, 1000]
    assert store.get(COMPANY, 20) == b"20"
    assert store.numbers(UUID(int=8)) == []


def test_nothing_is_ever_written_over(tmp_path):
    store = FolderAnchors(tmp_path)
    store.put(COMPANY, 5, b"true")
    store.put(COMPANY, 5, b"true")
    with pytest.raises(AnchorTaken):
        store.put(COMPANY, 5, b"false")
    assert store.get(COMPANY, 5) == b"true"
    assert [one.name for one in (tmp_path / str(COMPANY)).iterdir()] == ["000000000005.json"]


def test_nobody_may_write_the_file(tmp_path):
    store = FolderAnchors(tmp_path)
    store.put(COMPANY, 5, b"true")
    [file] = (tmp_path / str(COMPANY)).iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o400
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_of_many_at_once_one_wins(tmp_path):
    store = FolderAnchors(tmp_path)

    def put(number):
        try:
            store.put(COMPANY, 5, b"%d" % number)
        except AnchorTaken:
            return None
        return number

    with ThreadPoolExecutor(8) as threads:
        winners = [one for one in threads.map(put, range(40)) if one is not None]
    assert len(winners) == 1
    assert store.get(COMPANY, 5) == b"%d" % winners[0]


def test_a_name_from_outside_leads_nowhere(tmp_path):
    with pytest.raises(TypeError):
        FolderAnchors(tmp_path).put("../x", 1, b"")
