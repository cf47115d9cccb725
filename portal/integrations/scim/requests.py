"""Reads what directories send: JSON, people, groups, and patches as Entra and Okta write them."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from scim2_models import Context, PatchOp

from portal.domain.provisioning import DirectoryGroup, DirectoryPerson, Led, language, split_name
from portal.integrations.scim import managers
from portal.integrations.scim.errors import ScimError, reported
from portal.integrations.scim.resources import POLICY, EnterpriseUser, Group, PortalUser

#: What follows from other attributes. The standard lets it be ignored when sent, and everybody sends it.
_DERIVED = ("displayname", "emails", "name.formatted", "groups", "meta", "id", "schemas")
_LANGUAGES = ("en", "cs", "de")


def read_json(body: bytes) -> dict[str, Any]:
    """The object in the body of a request."""
    try:
        found = json.loads(body)
        text = json.dumps(found, ensure_ascii=False)
        text.encode()  # half a character is no text
    except (ValueError, RecursionError):
        raise ScimError(400, "The body is not valid JSON.", "invalidSyntax") from None
    if "\\u0000" in text:
        raise ScimError(400, "A zero character is in no text.", "invalidValue")
    if not isinstance(found, dict):
        raise ScimError(400, "The body must be a JSON object.", "invalidSyntax")
    return found


def read_person(payload: dict[str, Any]) -> DirectoryPerson:
    """A whole person, to be created or to replace what is known."""
    display = _text_of(payload, "displayname")
    payload, led = managers.taken_from(payload)
    with reported():
        user = PortalUser.model_validate(_without_derived(payload), scim_policy=POLICY)
    return _person(user, display, led)


def patched_person(known: PortalUser, payload: dict[str, Any]) -> DirectoryPerson:
    """The person as the operations leave them."""
    operations, led = managers.taken_from_operations(_operations(payload))
    if operations:
        with reported():
            patch = PatchOp[PortalUser].model_validate(
                {**payload, "Operations": operations},
                scim_ctx=Context.RESOURCE_PATCH_REQUEST,
                scim_policy=POLICY,
            )
            patch.patch(known, scim_policy=POLICY)
    return _person(known, "", led)


def read_group(payload: dict[str, Any]) -> DirectoryGroup:
    """A whole group."""
    kept = {name: value for name, value in payload.items() if name.lower() not in {"id", "meta"}}
    with reported():
        group = Group.model_validate(_bare_members(kept), scim_policy=POLICY)
    return _group(group)


def patched_group(known: Group, payload: dict[str, Any]) -> DirectoryGroup:
    """The group as the operations leave it."""
    operations = [
        _bare_members({**one, "value": _bare_members(one["value"])} if "value" in one else one)
        for one in _operations(payload, derived=("id", "meta", "schemas"))
    ]
    if operations:
        with reported():
            patch = PatchOp[Group].model_validate(
                {**payload, "Operations": operations},
                scim_ctx=Context.RESOURCE_PATCH_REQUEST,
                scim_policy=POLICY,
            )
            patch.patch(known, scim_policy=POLICY)
    return _group(known)


def _person(user: PortalUser, display: str, led: Led | None) -> DirectoryPerson:
    if not user.user_name:
        raise ScimError(400, "userName is missing: the work e-mail.", "invalidValue")
    first, last = (user.name.given_name, user.name.family_name) if user.name else (None, None)
    if not first and not last and display:
        first, last = split_name(display)
    extension = user[EnterpriseUser] if EnterpriseUser in PortalUser.get_extension_models().values() else None
    return DirectoryPerson(
        user_name=user.user_name,
        first_name=first or "",
        last_name=last or "",
        job_title=user.title,
        employee_number=extension.employee_number if extension else None,
        language=language(user.preferred_language, _LANGUAGES),
        external_id=user.external_id,
        active=user.active is not False,
        led=led,
    )


def _group(group: Group) -> DirectoryGroup:
    if not group.display_name:
        raise ScimError(400, "displayName is missing.", "invalidValue")
    try:
        members = frozenset(UUID(member.value or "") for member in group.members or [])
    except ValueError:
        raise ScimError(400, "A member's value must be the id of a user.", "invalidValue") from None
    return DirectoryGroup(group.display_name, group.external_id, members)


def _bare_members(found: Any) -> Any:
    """Members are known by their ids; what they are called beside is the directory's own affair."""
    if isinstance(found, list):
        return [{"value": one["value"]} if isinstance(one, dict) and "value" in one else one for one in found]
    if not isinstance(found, dict):
        return found
    if "value" in found and "op" not in {name.lower() for name in found}:
        return {"value": found["value"]}
    return {name: _bare_members(one) if name.lower() == "members" else one for name, one in found.items()}


def _operations(payload: dict[str, Any], derived: tuple[str, ...] = _DERIVED) -> list[Any]:
    """The operations without those that write what follows from other attributes."""
    given = next((value for name, value in payload.items() if name.lower() == "operations"), None)
    if not isinstance(given, list) or not given:
        raise ScimError(400, "Operations is missing.", "invalidSyntax")
    kept = []
    for operation in given:
        if not isinstance(operation, dict):
            raise ScimError(400, "An operation must be a JSON object.", "invalidSyntax")
        path, value = operation.get("path"), operation.get("value")
        if isinstance(path, str) and path:
            if not _is_derived(path, derived):
                kept.append(operation)
        elif isinstance(value, dict):
            rest = {name: one for name, one in value.items() if not _is_derived(name, derived)}
            if rest or not value:
                kept.append({**operation, "value": rest})
        else:
            kept.append(operation)
    return kept


def _is_derived(path: str, derived: tuple[str, ...]) -> bool:
    plain = path.lower().removeprefix("urn:ietf:params:scim:schemas:core:2.0:user:")
    return any(plain == name or plain.startswith((f"{name}.", f"{name}[")) for name in derived)


def _without_derived(payload: dict[str, Any]) -> dict[str, Any]:
    kept = {
        name: value
        for name, value in payload.items()
        if name.lower() == "schemas" or not _is_derived(name, _DERIVED)
    }
    for name, value in kept.items():
        if name.lower() == "name" and isinstance(value, dict):
            kept[name] = {sub: one for sub, one in value.items() if sub.lower() != "formatted"}
    return kept


def _text_of(payload: dict[str, Any], attribute: str) -> str:
    found = next((value for name, value in payload.items() if name.lower() == attribute), "")
    return found if isinstance(found, str) else ""
