"""What the three discovery endpoints answer, so that a directory can find out what it speaks to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scim2_models import Context, ListResponse, Meta, Resource

from portal.integrations.scim import resources
from portal.integrations.scim.errors import ScimError

DOCUMENTATION = "https://datatracker.ietf.org/doc/html/rfc7644"


def config(base: str) -> dict[str, Any]:
    """ServiceProviderConfig."""
    return _body(
        resources.service_provider_config(DOCUMENTATION),
        "ServiceProviderConfig",
        f"{base}/ServiceProviderConfig",
    )


def resource_types(base: str) -> dict[str, dict[str, Any]]:
    """Each resource type by its name."""
    found = resources.resource_types()
    return {str(one.name): _body(one, "ResourceType", f"{base}/ResourceTypes/{one.name}") for one in found}


def schemas(base: str) -> dict[str, dict[str, Any]]:
    """Each schema by its URN."""
    found = resources.schemas()
    return {str(one.id): _body(one, "Schema", f"{base}/Schemas/{one.id}") for one in found}


def listed(bodies: Mapping[str, dict[str, Any]], arguments: Mapping[str, str]) -> dict[str, Any]:
    """All of them; these lists take no filter (RFC 7644, 4)."""
    if "filter" in arguments:
        raise ScimError(403, "This list takes no filter.")
    return {
        "schemas": [str(ListResponse.__schema__)],
        "totalResults": len(bodies),
        "startIndex": 1,
        "itemsPerPage": len(bodies),
        "Resources": list(bodies.values()),
    }


def one(bodies: Mapping[str, dict[str, Any]], name: str) -> dict[str, Any]:
    """The one with this name."""
    if name not in bodies:
        raise ScimError(404, "There is nothing with this name.")
    return bodies[name]


def _body(resource: Resource[Any], kind: str, location: str) -> dict[str, Any]:
    resource.meta = Meta(resource_type=kind, location=location)
    body: dict[str, Any] = resource.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE)
    return body
