"""Filters as directories send them: comparisons for equality, joined by `and`. Anything else is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scim2_models import Resource, ScimFilter
from scim2_models.path import CompareOperator, Comparison, FilterNode, LogicalExpr, LogicalOperator, ValuePath

from portal.integrations.scim.errors import ScimError, reported

_LONGEST = 1000
#: Entra asks for the address so, which is a path and not yet a filter of the standard.
_WORK_EMAIL = re.compile(r'emails\[\s*type\s+eq\s+"work"\s*\]\.value', re.IGNORECASE)
_ATTRIBUTES = {
    "username": "userName",
    "externalid": "externalId",
    "id": "id",
    "emails": "emails",
    "emails.value": "emails",
    "displayname": "displayName",
    "members": "members",
    "members.value": "members",
    "active": "active",
    "manager": "manager",
    "manager.value": "manager",
}


def equalities(text: str | None, model: type[Resource]) -> dict[str, str]:  # type: ignore[type-arg]
    """{attribute: value} that must all hold; an attribute asked for twice with two values is refused."""
    if not text:
        return {}
    if len(text) > _LONGEST:
        raise ScimError(400, "The filter is too long.", "invalidFilter")
    with reported():
        tree = ScimFilter[model](_WORK_EMAIL.sub("emails.value", text)).ast  # type: ignore[valid-type]
    found: dict[str, str] = {}
    for attribute, value in _comparisons(tree):
        if found.setdefault(attribute, value) != value:
            raise _refused()
    return found


def _comparisons(node: FilterNode) -> Iterator[tuple[str, str]]:
    if isinstance(node, LogicalExpr) and node.op is LogicalOperator.and_:
        for term in node.terms:
            yield from _comparisons(term)
        return
    path = ""
    if isinstance(node, ValuePath) and isinstance(node.val_filter, Comparison):
        path, node = f"{node.attr_path.attr}.", node.val_filter
    if not isinstance(node, Comparison) or node.op is not CompareOperator.eq:
        raise _refused()
    sub = f".{node.attr_path.sub_attr}" if node.attr_path.sub_attr else ""
    attribute = _ATTRIBUTES.get(f"{path}{node.attr_path.attr}{sub}".lower())
    if attribute is None:
        raise _refused()
    yield attribute, str(node.value).lower() if isinstance(node.value, bool) else _text(str(node.value))


def _text(value: str) -> str:
    """What JSON can say and no text contains is refused before the database would."""
    if "\0" in value or not value.isprintable():
        raise _refused()
    return value


def _refused() -> ScimError:
    return ScimError(
        400,
        "Filters compare userName, externalId, emails.value, id, active, displayName, manager or members by eq, "
        "joined by and.",
        "invalidFilter",
    )
