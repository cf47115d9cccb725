"""Who leads somebody, as directories say it: an id as text, in an object, in a list; by path, or within the extension.

The library sees none of it: of a single value the last operation counts, and what was not said must stay as it is.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from portal.domain.provisioning import Led
from portal.integrations.scim.errors import ScimError

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
_EXTENSION = ENTERPRISE.lower()
_WHOLE = {"manager", "manager.value"}
#: They follow from the id.
_DERIVED = {"manager.displayname", "manager.$ref"}


def taken_from(payload: dict[str, Any]) -> tuple[dict[str, Any], Led | None]:
    """A whole person without the manager, and what is said about who leads them."""
    rest: dict[str, Any] = {}
    led: Led | None = None
    for name, value in payload.items():
        if name.lower() == _EXTENSION and isinstance(value, dict):
            inner, said = taken_from(value)
            rest[name], led = inner, said or led
        elif _plain(name) in _WHOLE:
            led = _said(value) or led
        elif _plain(name) not in _DERIVED:
            rest[name] = value
    return rest, led


def taken_from_operations(operations: list[Any]) -> tuple[list[Any], Led | None]:
    """The operations of a patch without those about the manager, and what they come to."""
    rest: list[Any] = []
    led: Led | None = None
    for operation in operations:
        kept, said = _taken_from_operation(operation)
        rest += kept
        led = said or led
    return rest, led


def _taken_from_operation(operation: dict[str, Any]) -> tuple[list[dict[str, Any]], Led | None]:
    verb, path, value = (operation.get(name) for name in ("op", "path", "value"))
    path, removes = path if isinstance(path, str) else "", str(verb).lower() == "remove"
    if path.lower() in {"", _EXTENSION} and isinstance(value, dict) and not removes:
        inner, led = taken_from(value)
        return ([{**operation, "value": inner}] if inner or not value else []), led
    if _plain(path) in _WHOLE:
        return [], Led(None) if removes else _said(value)
    if _plain(path) in _DERIVED:
        return [], None
    return [operation], Led(None) if removes and path.lower() == _EXTENSION else None


def _plain(path: str) -> str:
    return path.lower().removeprefix(f"{_EXTENSION}:")


def _said(value: Any) -> Led | None:
    """None when only what follows from the id was sent; nobody for nothing, which is how directories clear it."""
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else value or None
    if isinstance(value, dict):
        named = {name.lower(): one for name, one in value.items()}
        if named and "value" not in named:
            return None
        value = named.get("value")
    if value is None or value == "":
        return Led(None)
    try:
        return Led(UUID(value))
    except (ValueError, AttributeError, TypeError):
        raise ScimError(400, "manager: its value must be the id of a user.", "invalidValue") from None
