"""Groups: listed, created, changed, removed."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from portal.blueprints.scim import blueprint
from portal.blueprints.scim.exchange import answer, asked, base, sent
from portal.db import UnitOfWork
from portal.integrations.scim import answers, requests
from portal.integrations.scim.filters import equalities
from portal.integrations.scim.resources import Group
from portal.services import provisioned_groups
from portal.web.guards import by_token


@blueprint.get("/c/<company>/scim/v2/Groups")
@by_token
def list_groups(uow: UnitOfWork) -> Response:
    question, place = asked(), base(uow)
    wanted = equalities(question.filter, Group)
    found = provisioned_groups.search(uow, wanted, start=question.start, count=question.count)
    bodies = [question.body(answers.group(one, place)) for one in found.items]
    return answer(question.page(bodies, total=found.total))


@blueprint.post("/c/<company>/scim/v2/Groups")
@by_token
def create_group(uow: UnitOfWork) -> Response:
    question = asked()
    known = provisioned_groups.create(uow, requests.read_group(sent()))
    return answer(question.body(answers.group(known, base(uow))), 201)


@blueprint.get("/c/<company>/scim/v2/Groups/<uuid:scim_group_id>")
@by_token
def group(uow: UnitOfWork, scim_group_id: UUID) -> Response:
    return answer(asked().body(answers.group(provisioned_groups.get(uow, scim_group_id), base(uow))))


@blueprint.put("/c/<company>/scim/v2/Groups/<uuid:scim_group_id>")
@by_token
def replace_group(uow: UnitOfWork, scim_group_id: UUID) -> Response:
    question = asked()
    provisioned_groups.get(uow, scim_group_id)
    known = provisioned_groups.replace(uow, scim_group_id, requests.read_group(sent()))
    return answer(question.body(answers.group(known, base(uow))))


@blueprint.patch("/c/<company>/scim/v2/Groups/<uuid:scim_group_id>")
@by_token
def patch_group(uow: UnitOfWork, scim_group_id: UUID) -> Response:
    question, place = asked(), base(uow)
    before = answers.group(provisioned_groups.get(uow, scim_group_id, lock=True), place)
    known = provisioned_groups.replace(uow, scim_group_id, requests.patched_group(before, sent()))
    return answer(question.body(answers.group(known, place)))


@blueprint.delete("/c/<company>/scim/v2/Groups/<uuid:scim_group_id>")
@by_token
def delete_group(uow: UnitOfWork, scim_group_id: UUID) -> Response:
    provisioned_groups.remove(uow, scim_group_id)
    return Response(status=204)
