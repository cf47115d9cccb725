"""docs/controls.md says which test shows which control; a test that is gone shows nothing."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "controls.md"
_ROW = re.compile(r"^\| (?!---|control|requirements|what is promised)(.+?) \|(.+)\|$", re.MULTILINE)
_TEST = re.compile(r"`(tests/[\w/]+\.py)`")


def test_every_row_names_tests_and_every_test_is_there():
    rows = _ROW.findall(DOCUMENT.read_text())
    assert len(rows) > 70
    for name, rest in rows:
        tests = _TEST.findall(rest)
        assert tests, f"{name}: no test shows it"
        assert not [one for one in tests if not (ROOT / one).is_file()], f"{name}: a test is gone"
