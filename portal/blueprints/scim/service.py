"""What the service is and which schemas it speaks."""

from __future__ import annotations

from flask import Response, request

from portal.blueprints.scim import blueprint
from portal.blueprints.scim.exchange import answer, base
from portal.db import UnitOfWork
from portal.integrations.scim import discovery
from portal.integrations.scim.errors import ScimError
from portal.web.guards import by_token


@blueprint.get("/c/<company>/scim/v2/ServiceProviderConfig")
@by_token
def config(uow: UnitOfWork) -> Response:
    return answer(discovery.config(base(uow)))


@blueprint.get("/c/<company>/scim/v2/ResourceTypes")
@by_token
def resource_types(uow: UnitOfWork) -> Response:
    return answer(discovery.listed(discovery.resource_types(base(uow)), request.args))


@blueprint.get("/c/<company>/scim/v2/ResourceTypes/<string:type_name>")
@by_token
def resource_type(uow: UnitOfWork, type_name: str) -> Response:
    return answer(discovery.one(discovery.resource_types(base(uow)), type_name))


@blueprint.get("/c/<company>/scim/v2/Schemas")
@by_token
def schemas(uow: UnitOfWork) -> Response:
    return answer(discovery.listed(discovery.schemas(base(uow)), request.args))


@blueprint.get("/c/<company>/scim/v2/Schemas/<string:schema_name>")
@by_token
def schema(uow: UnitOfWork, schema_name: str) -> Response:
    return answer(discovery.one(discovery.schemas(base(uow)), schema_name))


@blueprint.post("/c/<company>/scim/v2/.search", endpoint="search_all")
@blueprint.post("/c/<company>/scim/v2/Bulk", endpoint="bulk")
@by_token
def not_offered(_uow: UnitOfWork) -> Response:
    """What the standard leaves to the service, and this one leaves out."""
    raise ScimError(501, "This service does not offer that; see ServiceProviderConfig.")
