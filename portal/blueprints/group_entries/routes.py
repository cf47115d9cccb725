"""The list of operations, a new one with its dry run, one opened, and undoing it."""

from __future__ import annotations

from uuid import UUID

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from portal.blueprints.group_entries import blueprint
from portal.blueprints.group_entries.forms import EntryForm
from portal.db import UnitOfWork
from portal.domain.group_entries import GroupKind
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import absence_requests
from portal.services.group_entries import doing, people, planning
from portal.services.group_entries.planning import GroupPlan
from portal.web.form_refusals import put_refusal
from portal.web.guards import requires
from portal.web.refusals import sentence

#: The days have to be seen, and said why: the page that shows them comes again.
_LOOK_AGAIN = {Reason.STAFFING_BLOCKED, Reason.STAFFING_NEEDS_REASON, Reason.STAFFING_NOT_SEEN}


@blueprint.get("/c/<company>/group-entries")
@requires(Permission.ABSENCE_ENTER)
def index(uow: UnitOfWork) -> str:
    return render_template("group_entries/index.html", entries=people.list_entries(uow, GroupKind.BULK))


@blueprint.get("/c/<company>/group-entries/new")
@requires(Permission.ABSENCE_ENTER)
def new(uow: UnitOfWork) -> str:
    return render_template("group_entries/new.html", form=_form(uow), plan=None)


@blueprint.post("/c/<company>/group-entries")
@requires(Permission.ABSENCE_ENTER)
def create(uow: UnitOfWork) -> Response:
    """Shows what it would do to whom; the yes to just that enters it."""
    form = _form(uow)
    if not form.validate():
        return _page(form, None, 422)
    wish = form.wish(UUID(form.absence_type_id.data), beside_others=form.beside_others.data)
    try:
        chosen = people.people_of(uow, form.chosen())
        if form.seen.data:
            entry = doing.enter(
                uow,
                UUID(form.key.data),
                GroupKind.BULK,
                chosen,
                wish,
                seen=form.seen.data,
                breaches_seen=bool(form.breaches_seen.data),
            )
            flash(_("Entered. Everybody whom it touches gets a letter."), "success")
            return redirect(url_for("group_entries.show", group_entry_id=entry.id), 303)
        return _page(form, planning.plan(uow, chosen, wish), 200)
    except Refusal as refusal:
        if refusal.reason in (Reason.NOT_FOUND, Reason.NOT_PERMITTED):
            raise
        form.seen.data = ""
        put_refusal(form, refusal)
        if refusal.reason in _LOOK_AGAIN:
            return _page(form, planning.plan(uow, people.people_of(uow, form.chosen()), wish), 422)
        return _page(form, None, 409 if refusal.reason is Reason.CHANGED_MEANWHILE else 422)


@blueprint.get("/c/<company>/group-entries/<uuid:group_entry_id>")
@requires(Permission.ABSENCE_ENTER)
def show(uow: UnitOfWork, group_entry_id: UUID) -> str:
    entry = people.get_entry(uow, group_entry_id)
    return render_template(
        "group_entries/show.html", entry=entry, lines=people.entered_for(uow, group_entry_id)
    )


@blueprint.post("/c/<company>/group-entries/<uuid:group_entry_id>/undoing")
@requires(Permission.ABSENCE_ENTER)
def undo(uow: UnitOfWork, group_entry_id: UUID) -> Response:
    try:
        count = doing.undo(uow, group_entry_id)
    except Refusal as refusal:
        if refusal.reason is not Reason.ALREADY_SO:
            raise
        flash(sentence(refusal), "danger")
    else:
        said = ngettext(
            "Undone: %(num)s absence is taken back, with all that it took.",
            "Undone: %(num)s absences are taken back, with all that they took.",
            count,
        )
        flash(said, "success")
    return redirect(url_for("group_entries.show", group_entry_id=group_entry_id), 303)


def _form(uow: UnitOfWork) -> EntryForm:
    form = EntryForm()
    form.offer_types(absence_requests.list_requestable(uow))
    form.offer_people(*people.teams_and_sites(uow))
    return form


def _page(form: EntryForm, plan: GroupPlan | None, status: int) -> Response:
    return make_response(render_template("group_entries/new.html", form=form, plan=plan), status)
