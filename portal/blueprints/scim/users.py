"""People: listed, taken in, changed, let go."""

from __future__ import annotations

from uuid import UUID

from flask import Response

from portal.blueprints.scim import blueprint
from portal.blueprints.scim.exchange import answer, asked, base, sent
from portal.db import UnitOfWork
from portal.domain.licences import may_change
from portal.domain.provisioning import DirectoryPerson, KnownPerson
from portal.domain.refusals import Reason, Refusal
from portal.integrations.scim import answers, requests
from portal.integrations.scim.filters import equalities
from portal.integrations.scim.resources import PortalUser
from portal.services import provisioned_people
from portal.web.bearer_tokens import bearer_here
from portal.web.guards import also_when_over, by_token


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
@also_when_over
def replace_user(uow: UnitOfWork, employee_id: UUID) -> Response:
    question = asked()
    known = provisioned_people.get(uow, employee_id)
    known = _written(uow, known, requests.read_person(sent()))
    return answer(question.body(answers.person(known, base(uow))))


@blueprint.patch("/c/<company>/scim/v2/Users/<uuid:employee_id>")
@by_token
@also_when_over
def patch_user(uow: UnitOfWork, employee_id: UUID) -> Response:
    question, place = asked(), base(uow)
    known = provisioned_people.get(uow, employee_id, lock=True)
    known = _written(uow, known, requests.patched_person(answers.person(known, place), sent()))
    return answer(question.body(answers.person(known, place)))


@blueprint.delete("/c/<company>/scim/v2/Users/<uuid:employee_id>")
@by_token
@also_when_over
def delete_user(uow: UnitOfWork, employee_id: UUID) -> Response:
    provisioned_people.delete(uow, employee_id)
    return Response(status=204)


def _written(uow: UnitOfWork, known: KnownPerson, said: DirectoryPerson) -> KnownPerson:
    """When the licence is over nothing is changed but this: whoever has left is out, with nothing else of theirs."""
    if may_change(uow.company.licence, uow.today()) and not uow.company.read_only:
        return provisioned_people.replace(uow, known.id, said)
    if said.active or not known.facts.active:
        raise Refusal(Reason.COMPANY_READ_ONLY)
    return provisioned_people.let_go(uow, known.id)
