"""Writes people, groups and lists the way SCIM wants them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from scim2_models import Context, ListResponse, Meta, Reference, Resource, SearchRequest

from portal.domain.provisioning import KnownGroup, KnownPerson
from portal.integrations.scim.errors import ScimError, reported
from portal.integrations.scim.resources import (
    MOST_RESULTS,
    PAGE,
    Email,
    EnterpriseUser,
    Group,
    GroupMember,
    Manager,
    Name,
    PortalUser,
)

MIME = "application/scim+json"


class Question:
    """What a request asks of a list or of one resource, from its query string."""

    def __init__(self, arguments: Mapping[str, str]) -> None:
        asked = {
            name: arguments[name] for name in ("attributes", "excludedAttributes") if arguments.get(name)
        }
        with reported():
            self.wanted: SearchRequest[Any] = SearchRequest.model_validate(asked)
        self.filter = arguments.get("filter")
        self.start = max(1, _number(arguments, "startIndex", 1))
        self.count = min(MOST_RESULTS, max(0, _number(arguments, "count", PAGE)))

    def body(self, resource: Resource, context: Context = Context.RESOURCE_QUERY_RESPONSE) -> dict[str, Any]:  # type: ignore[type-arg]
        """One resource with the attributes asked for."""
        with reported():
            dumped: dict[str, Any] = resource.model_dump(scim_ctx=context, response_parameters=self.wanted)
        return dumped

    def page(self, bodies: list[dict[str, Any]], *, total: int) -> dict[str, Any]:
        """A part of a list; an empty one leaves the resources out."""
        answer: dict[str, Any] = {
            "schemas": [str(ListResponse.__schema__)],
            "totalResults": total,
            "startIndex": self.start,
            "itemsPerPage": len(bodies),
        }
        return {**answer, "Resources": bodies}


def person(known: KnownPerson, base: str) -> PortalUser:
    """An employee as a resource. `base` is the address of the company's SCIM service."""
    facts = known.facts
    user = PortalUser(
        id=str(known.id),
        external_id=facts.external_id,
        user_name=facts.user_name,
        name=Name(
            given_name=facts.first_name,
            family_name=facts.last_name,
        ),
        display_name=f"{facts.first_name} {facts.last_name}",
        title=facts.job_title,
        preferred_language=facts.language,
        active=facts.active,
        emails=[Email(value=facts.user_name, type="work", primary=True)],
        meta=Meta(
            resource_type="User",
            created=known.created_at,
            last_modified=known.changed_at,
            location=f"{base}/Users/{known.id}",
        ),
    )
    if facts.employee_number or known.manager:
        user[EnterpriseUser] = EnterpriseUser(
            employee_number=facts.employee_number,
            manager=_manager(*known.manager, base) if known.manager else None,
        )
    return user


def _manager(employee_id: UUID, name: str, base: str) -> Manager:
    return Manager(value=str(employee_id), ref=Reference(f"{base}/Users/{employee_id}"), display_name=name)


def group(known: KnownGroup, base: str) -> Group:
    """A group as a resource."""
    return Group(
        id=str(known.id),
        external_id=known.external_id,
        display_name=known.display_name,
        members=[
            GroupMember(value=str(employee_id), ref=Reference(f"{base}/Users/{employee_id}"), type="User")
            for employee_id, _ in known.members
        ]
        or None,
        meta=Meta(
            resource_type="Group",
            created=known.created_at,
            last_modified=known.changed_at,
            location=f"{base}/Groups/{known.id}",
        ),
    )


def _number(arguments: Mapping[str, str], name: str, default: int) -> int:
    given = arguments.get(name)
    if not given:
        return default
    try:
        return max(-(2**31), min(2**31 - 1, int(given)))
    except ValueError:
        raise ScimError(400, f"{name} must be a whole number.", "invalidValue") from None
