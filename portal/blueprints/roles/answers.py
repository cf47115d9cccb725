"""Why can this person do this? The rights of one person, and one of them explained."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request

from portal.blueprints.roles import blueprint
from portal.blueprints.roles.forms import QuestionForm
from portal.blueprints.roles.pages import asked_permission, permission_choices
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import role_answers
from portal.web.form_refusals import put_refusal
from portal.web.guards import requires
from portal.web.rights_words import because, verdict


@blueprint.get("/c/<company>/people/<uuid:employee_id>/rights")
@requires(Permission.ROLE_GRANT)
def why(uow: UnitOfWork, employee_id: UUID) -> str:
    rights = role_answers.rights_of(uow, employee_id)
    permission = asked_permission()
    form = QuestionForm(request.args)
    form.offer(permission_choices())
    answer = None
    if permission is not None:
        try:
            colleague = (form.colleague.data or "")[:254]
            answer = role_answers.explain(uow, rights, permission, colleague_email=colleague)
        except Refusal as refusal:
            if refusal.reason is not Reason.PERSON_UNKNOWN:
                raise
            put_refusal(form, refusal)
    return render_template(
        "roles/why.html", rights=rights, form=form, answer=answer, verdict=verdict, because=because
    )
