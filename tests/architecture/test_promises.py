"""docs/security.md says which hostile case is held and by which test; this reads both, so that neither goes stale.

A case is claimed by naming it in the docstring of a test, of its module, or in the name of one of its parameters.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "security.md"
_NUMBER = re.compile(r"\bT([1-9]\d{0,2})\b")
_ROW = re.compile(r"^\| T(\d+) \| (.+?) \| (.+?) \|$", re.MULTILINE)
_FILE = re.compile(r"`(tests/[\w/]+\.py)`")


def claims() -> dict[int, set[str]]:
    """The files whose tests name a case, by its number."""
    found: dict[int, set[str]] = defaultdict(set)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        if "node_modules" in path.parts or path.name == Path(__file__).name:
            continue
        for text in _said(ast.parse(path.read_text())):
            for number in _NUMBER.findall(text):
                found[int(number)].add(str(path.relative_to(ROOT)))
    return found


def _said(tree: ast.Module):
    """Docstrings of tests, and the keys of dictionaries that become the names of parameters."""
    yield ast.get_docstring(tree) or "" if any(_is_test(node) for node in tree.body) else ""
    for node in ast.walk(tree):
        if _is_test(node):
            yield ast.get_docstring(node) or ""
        if isinstance(node, ast.Dict):
            keys = [one.value for one in node.keys if isinstance(one, ast.Constant)]
            yield from (key for key in keys if isinstance(key, str) and re.match(r"T\d+:", key))


def _is_test(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name.startswith("test_")


def rows() -> dict[int, set[str]]:
    """The files that the table names for a case."""
    return {int(number): set(_FILE.findall(files)) for number, _, files in _ROW.findall(DOCUMENT.read_text())}


def test_every_case_in_the_table_is_named_by_the_tests_it_points_to():
    claimed = claims()
    assert len(rows()) > 70
    for number, files in rows().items():
        assert files, f"T{number} names no test"
        missing = files - claimed[number]
        assert not missing, f"no test in {sorted(missing)} says in its docstring that it holds T{number}"


def test_every_case_that_a_test_claims_is_in_the_table():
    missing = [
        f"| T{number} | (what happens instead) | {', '.join(f'`{one}`' for one in sorted(files))} |"
        for number, files in sorted(claims().items())
        if number not in rows()
    ]
    assert not missing, "add to docs/security.md, in your words:\n" + "\n".join(missing)
