"""A column that holds several values under names of their own, told part by part: only what changed, and from what.

What the parts of each such column are called is in web/audit_columns.py.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from portal.services.audit_values import Kind

#: Parts that are more than a text, a number or a list of them.
_KINDS: dict[tuple[str, str], dict[str, Kind]] = {
    ("identity_provider", "settings"): {"certificates": Kind.CERTIFICATES},
}
#: Columns whose parts are all of one kind, under names that people chose.
_ALL_OF_ONE_KIND = {("identity_provider", "role_mapping"): Kind.ROLE}
#: Events of earlier versions hold such a column as Python writes it; longer than this is not read.
_LONGEST_OLD = 200_000


def changed_parts(before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    """Name, old and new value of each part that is not as it was; without a name when there are no parts."""
    old, new = _parts(before), _parts(after)
    if old is None or new is None:
        yield "", before, after
        return
    for name in sorted(old.keys() | new.keys()):
        was, became = _nothing(old.get(name)), _nothing(new.get(name))
        if isinstance(was, dict) or isinstance(became, dict):
            inner = changed_parts(was, became)
            yield from ((f"{name} / {part}" if part else name, *values) for part, *values in inner)
        elif was != became:
            yield name, was, became


def kind_of_part(table: str, column: str, part: str) -> Kind:
    """How the part is written; one that this version does not know is text."""
    place = (table, column)
    return _ALL_OF_ONE_KIND.get(place) or _KINDS.get(place, {}).get(part, Kind.TEXT)


def _nothing(value: Any) -> Any:
    """An empty text or list says as little as none at all."""
    return None if value in ("", [], {}) else value


def _parts(value: Any) -> dict[str, Any] | None:
    if isinstance(value, str) and value.startswith("{") and len(value) <= _LONGEST_OLD:
        try:
            value = ast.literal_eval(value)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return None
    if value is None:
        return {}
    return {str(key): one for key, one in value.items()} if isinstance(value, dict) else None
