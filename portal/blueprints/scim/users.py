"""People: listed, taken in, changed, let go."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from portal.blueprints.scim import blueprint
from portal.blueprints.scim.exchange import answer, asked, base, sent
from portal.db import UnitOfWork
from portal.integrations.scim import answers, requests
from portal.integrations.scim.filters import equalities
from portal.integrations.scim.resources import PortalUser
from portal.services import provisioned_people
from portal.web.bearer_tokens import bearer_here
from portal.web.guards import by_token


@blueprint.get("/c/<company>/scim/v2/Users")
@by_token
def list_users(uow: UnitOfWork) -> Response:
    question, place = asked(), base(uow)
    wanted = equalities(question.filter, PortalUser)
    found = provisioned_people.search(uow, wanted, start=question.start, count=question.count)
    bodies = [question.body(answers.person(one, place)) for one in found.items]
    return answer(question.page(bodies, total=found.total))


@blueprint.post("/c/<company>/scim/v2/Users")
@by_token
def create_user(uow: UnitOfWork) -> Response:
    question = asked()
    known = provisioned_people.create(uow, requests.read_person(sent()), invites=bearer_here().invites)
    return answer(question.body(answers.person(known, base(uow))), 201)


@blueprint.get("/c/<company>/scim/v2/Users/<uuid:employee_id>")
@by_token
def user(uow: UnitOfWork, employee_id: UUID) -> Response:
    return answer(asked().body(answers.person(provisioned_people.get(uow, employee_id), base(uow))))


@blueprint.put("/c/<company>/scim/v2/Users/<uuid:employee_id>")
@by_token
def replace_user(uow: UnitOfWork, employee_id: UUID) -> Response:
    question = asked()
    provisioned_people.get(uow, employee_id)
    known = provisioned_people.replace(uow, employee_id, requests.read_person(sent()))
    return answer(question.body(answers.person(known, base(uow))))


@blueprint.patch("/c/<company>/scim/v2/Users/<uuid:employee_id>")
@by_token
def patch_user(uow: UnitOfWork, employee_id: UUID) -> Response:
    question, place = asked(), base(uow)
    before = answers.person(provisioned_people.get(uow, employee_id, lock=True), place)
    known = provisioned_people.replace(uow, employee_id, requests.patched_person(before, sent()))
    return answer(question.body(answers.person(known, place)))


@blueprint.delete("/c/<company>/scim/v2/Users/<uuid:employee_id>")
@by_token
def delete_user(uow: UnitOfWork, employee_id: UUID) -> Response:
    provisioned_people.delete(uow, employee_id)
    return Response(status=204)
