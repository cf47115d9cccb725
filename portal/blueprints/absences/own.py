"""One's own time off: the list with the balances, asking, taking back; and one absence opened for who may see it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug import Response

from portal.blueprints.absences import blueprint
from portal.blueprints.absences.cover_forms import CoverFields
from portal.blueprints.absences.forms import GiveBackForm, StepForm, WishForm, type_choices
from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import (
    absence_lists,
    absence_postings,
    absence_proofs,
    absence_requests,
    absences,
    balances,
    opened_absences,
    wish_outlook,
)
from portal.services.absence_wishes import Preview
from portal.services.approvals import delegations
from portal.services.sickness import lists as sick_lists
from portal.services.wish_outlook import Outlook
from portal.web.form_refusals import put_refusal
from portal.web.guards import requires, signed_in
from portal.web.htmx import form_answer, fragment_or_redirect, wants_fragment


@blueprint.get("/c/<company>/absences")
@signed_in
def index(uow: UnitOfWork) -> str:
    offered = absence_requests.list_offered(uow)
    return render_template(
        "absences/index.html",
        manager=absence_lists.line_manager(uow),
        can_report=any(sick for _, sick in offered),
        has_overtime=any(one.takes_overtime for one, _ in offered),
        **_mine(uow),
    )


@blueprint.get("/c/<company>/absences/new")
@requires(Permission.ABSENCE_REQUEST)
def new(uow: UnitOfWork) -> str:
    return render_template("absences/new.html", form=wish_form(uow), preview=None, outlook=None)


@blueprint.post("/c/<company>/absences/preview")
@requires(Permission.ABSENCE_REQUEST)
def preview(uow: UnitOfWork) -> str:
    """What the wish would cost. Posted, so that a note never stands in an address."""
    form = wish_form(uow)
    if not wants_fragment():
        form.move()
    found = _price(uow, form) if form.validate() else None
    return render_template(
        "absences/_preview.html" if wants_fragment() else "absences/new.html",
        form=form,
        preview=found,
        outlook=_outlook(uow, form, found),
    )


@blueprint.post("/c/<company>/absences")
@requires(Permission.ABSENCE_REQUEST)
def create(uow: UnitOfWork) -> Response:
    form = wish_form(uow)
    if not form.validate():
        return form_answer("absences/new.html", form=form, preview=None, outlook=None)
    try:
        absence = absence_requests.request(uow, form.once, form.wish())
    except Refusal as refusal:
        priced = _price(uow, form)
        if not form.errors:
            show_refusal(form, refusal)
        seen = _outlook(uow, form, priced)
        return form_answer("absences/new.html", form=form, preview=priced, outlook=seen)
    return sent(absence.status)


@blueprint.get("/c/<company>/absences/<uuid:absence_id>")
@signed_in
def show(uow: UnitOfWork, absence_id: UUID) -> str:
    absence = opened_absences.get_absence(uow, absence_id)
    report = sick_lists.shown(uow, absence_id) if absence.line.sick else None
    proofs = absence_proofs.of_absence(uow, absence_id)
    may_end = absence.line.can_cancel or absence.returnable
    lapsing = absence_postings.lapsing(uow, absence_id) if may_end else []
    return render_template(
        "absences/show.html",
        absence=absence,
        report=report,
        proofs=proofs,
        proof_key=uuid4(),
        lapsing=lapsing,
    )


@blueprint.post("/c/<company>/absences/<uuid:absence_id>/withdrawal")
@requires(Permission.ABSENCE_REQUEST)
def withdraw(uow: UnitOfWork, absence_id: UUID) -> Response:
    absences.withdraw(uow, absence_id, version=seen_version(StepForm()))
    flash(_("Your request is withdrawn."), "success")
    return fragment_or_redirect("absences/on_changed.html", url_for("absences.index"), **_mine(uow))


@blueprint.post("/c/<company>/absences/<uuid:absence_id>/cancellation")
@signed_in
def cancel(uow: UnitOfWork, absence_id: UUID) -> Response:
    form = StepForm()
    absence = absences.cancel(uow, absence_id, version=seen_version(form), note=form.note.data or "")
    flash(_("The time off is cancelled, the days are back on the balance."), "success")
    if absence.employee_id != uow.actor.employee_id:
        return redirect(url_for("absences.show", absence_id=absence_id), 303)
    return fragment_or_redirect("absences/on_changed.html", url_for("absences.index"), **_mine(uow))


def sent(status: AbsenceStatus) -> Response:
    """On to the list, saying whether somebody has to approve it."""
    waits = status is AbsenceStatus.REQUESTED
    said = _("Your request is sent.") if waits else _("Your absence is entered. Nobody has to approve it.")
    flash(said, "success")
    return redirect(url_for("absences.index"), 303)


@blueprint.post("/c/<company>/absences/<uuid:absence_id>/days-given-back")
@signed_in
def give_back(uow: UnitOfWork, absence_id: UUID) -> Response:
    form = GiveBackForm()
    version = seen_version(form)
    if not form.days.data:
        flash(_("No day was chosen, so nothing is given back."), "danger")
        return redirect(url_for("absences.show", absence_id=absence_id), 303)
    absences.give_back(uow, absence_id, set(form.days.data), version=version)
    flash(_("The days are given back, the rest stays."), "success")
    return redirect(url_for("absences.show", absence_id=absence_id), 303)


def seen_version(form: StepForm | GiveBackForm) -> int:
    """The version that the form was made for; a form without one is as good as an old one."""
    if not form.validate():
        raise Refusal(Reason.CHANGED_MEANWHILE)
    version: int = form.version.data
    return version


def show_refusal(form: FlaskForm, refusal: Refusal) -> None:
    """Puts the sentence at the field that the rule names, else above the form. What is missing stays missing."""
    if refusal.reason in (Reason.NOT_FOUND, Reason.NOT_PERMITTED, Reason.OWN_REQUEST):
        raise refusal
    put_refusal(form, refusal)


def _price(uow: UnitOfWork, form: WishForm) -> Preview | None:
    """What the wish costs; one that makes no sense gets its reason at the field instead."""
    try:
        return absence_requests.preview(uow, form.wish())
    except Refusal as refusal:
        show_refusal(form, refusal)
        return None


def outlook_of(uow: UnitOfWork, found: Preview | None, *, movable: bool) -> Outlook | None:
    """What else a priced wish means: staffing, what would lapse, nearby better dates."""
    return None if found is None else wish_outlook.outlook(uow, found, movable=movable)


def _outlook(uow: UnitOfWork, form: WishForm, found: Preview | None) -> Outlook | None:
    return outlook_of(uow, found, movable=not (form.starts_at and form.starts_at.data))


def _mine(uow: UnitOfWork) -> dict[str, Any]:
    me = uow.actor.employee_id
    assert me is not None  # noqa: S101  # the guard lets employees alone pass
    return {"balances": balances.balances_of(uow, me), "absences": absence_lists.list_own(uow)}


def wish_form(uow: UnitOfWork) -> WishForm:
    form = WishForm()
    kinds, needs = absence_requests.form_offer(uow)
    form.absence_type_id.choices = type_choices(kinds)
    if not needs.hours:
        del form.starts_at, form.ends_at
    give_cover(uow, form, asked=needs.substitutes)
    form.give_key()
    return form


def give_cover(uow: UnitOfWork, form: CoverFields, *, asked: bool) -> None:
    """Colleagues to choose from, or no question where no type asks it; a fragment holds no form."""
    if not asked:
        form.ask_not()
    elif not wants_fragment():
        form.colleagues = delegations.suggestions(uow)
