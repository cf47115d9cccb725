"""Takes people in, changes their record, lets them go and takes them back."""

from __future__ import annotations

from uuid import UUID

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.blueprints.people import blueprint
from portal.blueprints.people.forms import PersonForm
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import directory, invitations, line_managers, people, person_record, terms_preview
from portal.services.employments import FULL_TIME
from portal.services.terms_preview import TermsPreview
from portal.web import absence_words
from portal.web.form_refusals import refused_form
from portal.web.guards import requires
from portal.web.htmx import form_answer


@blueprint.get("/c/<company>/people/new")
@requires(Permission.EMPLOYEE_EDIT)
def new(uow: UnitOfWork) -> str:
    form = _offered(uow, PersonForm(formdata=None))
    form.language.data = uow.company.language
    form.terms_from.data = uow.today()
    form.weekly_hours.data = FULL_TIME.weekly_minutes
    return render_template("people/new.html", form=form, **_beside(uow))


@blueprint.post("/c/<company>/people")
@requires(Permission.EMPLOYEE_EDIT)
def create(uow: UnitOfWork) -> Response:
    form = _offered(uow, PersonForm())
    if form.wants_other_weeks(uow.today()):
        return make_response(render_template("people/new.html", form=form, **_beside(uow)))
    if not form.validate():
        return form_answer("people/new.html", form=form, **_beside(uow))
    try:
        employee_id = people.create(uow, form.facts())
    except Refusal as refusal:
        return refused_form("people/new.html", form, refusal, **_beside(uow))
    if form.invite.data:
        invitations.invite_employee(uow, employee_id)
    flash(
        _("%(name)s is one of the company now.", name=f"{form.first_name.data} {form.last_name.data}"),
        "success",
    )
    return redirect(url_for("people.show", employee_id=employee_id), 303)


@blueprint.get("/c/<company>/people/<uuid:employee_id>/edit")
@requires(Permission.EMPLOYEE_EDIT)
def edit(uow: UnitOfWork, employee_id: UUID) -> str:
    form = _offered(uow, PersonForm(formdata=None))
    form.is_change()
    form.fill(*person_record.for_editing(uow, employee_id))
    return render_template("people/edit.html", form=form, employee_id=employee_id, **_beside(uow))


@blueprint.post("/c/<company>/people/<uuid:employee_id>")
@requires(Permission.EMPLOYEE_EDIT)
def update(uow: UnitOfWork, employee_id: UUID) -> Response:
    people.check_may_edit(uow, employee_id)
    form = _offered(uow, PersonForm())
    form.is_change()
    if form.wants_other_weeks(uow.today()):
        page = render_template("people/edit.html", form=form, employee_id=employee_id, **_beside(uow))
        return make_response(page)
    if not form.validate():
        return form_answer("people/edit.html", form=form, employee_id=employee_id, **_beside(uow))
    changes = _unseen(uow, employee_id, form)
    if changes is not None:
        form.terms_seen.data = changes.seen
        page = render_template(
            "people/edit.html", form=form, employee_id=employee_id, terms_preview=changes, **_beside(uow)
        )
        return make_response(page)
    try:
        people.edit(uow, employee_id, form.facts(), seen=form.seen.data or "")
    except Refusal as refusal:
        if refusal.reason in {Reason.NOT_FOUND, Reason.CHANGED_MEANWHILE}:
            raise
        return refused_form("people/edit.html", form, refusal, employee_id=employee_id, **_beside(uow))
    flash(_("The changes are saved."), "success")
    return redirect(url_for("people.show", employee_id=employee_id), 303)


@blueprint.post("/c/<company>/people/<uuid:employee_id>/deactivation")
@requires(Permission.EMPLOYEE_EDIT)
def deactivate(uow: UnitOfWork, employee_id: UUID) -> Response:
    people.deactivate(uow, employee_id)
    flash(_("The person has left: signed out everywhere, with no way back in."), "success")
    return redirect(url_for("people.show", employee_id=employee_id), 303)


@blueprint.post("/c/<company>/people/<uuid:employee_id>/reactivation")
@requires(Permission.EMPLOYEE_EDIT)
def reactivate(uow: UnitOfWork, employee_id: UUID) -> Response:
    people.reactivate(uow, employee_id)
    flash(_("The person is back. Check their teams, working time and roles."), "success")
    return redirect(url_for("people.show", employee_id=employee_id), 303)


def _unseen(uow: UnitOfWork, employee_id: UUID, form: PersonForm) -> TermsPreview | None:
    """What other working time would change, unless whoever saves has been shown exactly that."""
    facts = form.facts()
    changes = terms_preview.preview(uow, employee_id, facts.terms, facts.terms_from)
    return changes if changes and changes.seen != form.terms_seen.data else None


def _offered(uow: UnitOfWork, form: PersonForm) -> PersonForm:
    form.offer(directory.choices(uow))
    return form


def _beside(uow: UnitOfWork) -> dict[str, object]:
    """What stands beside the form: people who lead somebody already."""
    return {
        "managers": line_managers.suggestions(uow),
        "absence_words": absence_words,
    }
