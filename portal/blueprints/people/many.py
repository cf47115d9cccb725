"""Changes many people at once: who and what, what it would do to each, then the yes; and what became of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.blueprints.people import blueprint
from portal.blueprints.people.directory import asked_for
from portal.blueprints.people.many_forms import ManyForm, kind_of
from portal.db import UnitOfWork
from portal.domain.people_changes import ROLE_KINDS, SENSITIVE, UNDOABLE, ChangeKind
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import directory, line_managers, people_changes, roles
from portal.services.people_changes import Chosen, Plan
from portal.web import absence_words, change_words
from portal.web.form_refusals import refused_form
from portal.web.guards import requires
from portal.web.htmx import form_answer
from portal.web.refusals import sentence
from portal.web.step_up import freshly_proven

#: People of one page of a preview, and the most that a page of the directory lets tick.
PAGE_LENGTH = 100
_FILTER = ("search", "team", "site", "left")


@blueprint.get("/c/<company>/people/changes/new")
@requires(Permission.DIRECTORY_VIEW)
def new_change(uow: UnitOfWork) -> Response | str:
    """What everybody gets. Roles and leaving ask for a fresh proof first, so that nothing typed is lost to it later."""
    given = request.args
    if given.get("kind") == "export":
        return redirect(url_for("people.export_people", **_selection(given)), 303)
    kind = kind_of(given)
    if kind is None or not _some(given):
        flash(_("Tick people in the directory, and choose what to do with them."), "error")
        return redirect(url_for("people.index", **_filter(given)), 303)
    if kind in SENSITIVE:
        return redirect(url_for("people.new_sensitive_change", kind=kind.value, **_selection(given)), 303)
    return _new(uow, kind)


@blueprint.get("/c/<company>/people/changes/new-sensitive")
@requires(Permission.DIRECTORY_VIEW)
@freshly_proven(back="people.index")
def new_sensitive_change(uow: UnitOfWork) -> Response | str:
    kind = kind_of(request.args)
    if kind not in SENSITIVE or not _some(request.args):
        return redirect(url_for("people.index"), 303)
    return _new(uow, kind)


@blueprint.post("/c/<company>/people/change-previews")
@requires(Permission.DIRECTORY_VIEW)
def preview_change(uow: UnitOfWork) -> Response | str:
    """Person by person what would happen; nothing happens yet."""
    kind = _kind()
    form = _form(uow, kind)
    if form.changed_weeks(form.from_day.data or uow.today()):
        return render_template("people/many_new.html", form=form, **_about(uow, kind, request.form))
    if not form.reads(kind):
        return form_answer("people/many_new.html", form=form, **_about(uow, kind, request.form))
    try:
        planned = people_changes.plan(uow, _chosen(request.form), form.asked(kind))
    except Refusal as refusal:
        if not refusal.field:
            raise
        return refused_form("people/many_new.html", form, refusal, **_about(uow, kind, request.form))
    return _preview(uow, planned, form)


@blueprint.post("/c/<company>/people/changes")
@requires(Permission.DIRECTORY_VIEW)
def order_change(uow: UnitOfWork) -> Response:
    kind = _kind()
    if kind in SENSITIVE:
        raise Refusal(Reason.NOT_PERMITTED)
    return _order(uow, kind)


@blueprint.post("/c/<company>/people/sensitive-changes")
@requires(Permission.DIRECTORY_VIEW)
@freshly_proven(back="people.index")
def order_sensitive_change(uow: UnitOfWork) -> Response:
    return _order(uow, _kind())


@blueprint.get("/c/<company>/people/changes")
@requires(Permission.DIRECTORY_VIEW)
def changes(uow: UnitOfWork) -> str:
    return render_template("people/many_list.html", changes=people_changes.latest(uow), words=change_words)


@blueprint.get("/c/<company>/people/changes/<uuid:change_id>")
@requires(Permission.DIRECTORY_VIEW)
def change(uow: UnitOfWork, change_id: UUID) -> str:
    """How far it is, what became of it, and the way back while there is one."""
    return render_template(
        "people/many.html", change=people_changes.get(uow, change_id), words=change_words, problem=None
    )


@blueprint.post("/c/<company>/people/changes/<uuid:change_id>/undoing")
@requires(Permission.DIRECTORY_VIEW)
@freshly_proven(back="people.change")
def undo_change(uow: UnitOfWork, change_id: UUID) -> Response:
    try:
        people_changes.undo(uow, change_id)
    except Refusal as refusal:
        if refusal.reason not in {Reason.IMPORT_CHANGED_SINCE, Reason.CHANGE_PAST_UNDO}:
            raise
        found = people_changes.get(uow, change_id)
        body = render_template(
            "people/many.html", change=found, words=change_words, problem=sentence(refusal)
        )
        return make_response(body, 409)
    flash(_("Undone. Everybody is as before."), "success")
    return redirect(url_for("people.change", change_id=change_id), 303)


def _new(uow: UnitOfWork, kind: ChangeKind) -> str:
    form = ManyForm(formdata=None, kind=kind.value, from_day=uow.today(), last_day=uow.today())
    form.offer(directory.choices(uow), _roles(uow, kind))
    return render_template("people/many_new.html", form=form, **_about(uow, kind, request.args))


def _order(uow: UnitOfWork, kind: ChangeKind) -> Response:
    form = _form(uow, kind)
    form.reads(kind)
    chosen, asked = _chosen(request.form), form.asked(kind)
    try:
        change_id = people_changes.order(
            uow,
            chosen,
            asked,
            digest=request.form.get("digest", ""),
            only_possible=request.form.get("only_possible") == "yes",
        )
    except Refusal as refusal:
        if refusal.reason not in {
            Reason.CHANGED_MEANWHILE,
            Reason.NOT_ALL_POSSIBLE,
            Reason.NOTHING_TO_CHANGE,
        }:
            raise
        again = _preview(uow, people_changes.plan(uow, chosen, asked), form, problem=sentence(refusal))
        return make_response(again, 409)
    return redirect(url_for("people.change", change_id=change_id), 303)


def _preview(uow: UnitOfWork, planned: Plan, form: ManyForm, *, problem: str = "") -> str:
    kind = planned.asked.kind
    pages = max(1, -(-len(planned.lines) // PAGE_LENGTH))
    page = min(max(request.form.get("page", 1, type=int), 1), pages)
    shown = planned.lines[(page - 1) * PAGE_LENGTH : page * PAGE_LENGTH]
    consequences = people_changes.consequences(uow, planned, planned.lines)
    order_endpoint = "people.order_sensitive_change" if kind in SENSITIVE else "people.order_change"
    return render_template(
        "people/many_preview.html",
        plan=planned,
        lines=shown,
        consequences=consequences,
        totals=people_changes.totals(consequences.values()),
        absence_words=absence_words,
        page=page,
        pages=pages,
        hidden=[*_hidden(request.form), ("kind", kind.value), *form.typed(kind)],
        order_url=url_for(order_endpoint),
        undoable=kind in UNDOABLE,
        words=change_words,
        problem=problem,
        back=url_for("people.index", **_filter(request.form)),
    )


def _about(uow: UnitOfWork, kind: ChangeKind, given: MultiDict[str, str]) -> dict[str, Any]:
    """What the page of the form needs beside it."""
    everybody = _everybody(given)
    count = directory.count(uow, asked_for(given)) if everybody else len(_ids(given))
    return {
        "kind": kind,
        "count": count,
        "hidden": _hidden(given),
        "words": change_words,
        "managers": line_managers.suggestions(uow) if kind is ChangeKind.MANAGER else [],
        "back": url_for("people.index", **_filter(given)),
    }


def _form(uow: UnitOfWork, kind: ChangeKind) -> ManyForm:
    form = ManyForm()
    form.offer(directory.choices(uow), _roles(uow, kind))
    return form


def _roles(uow: UnitOfWork, kind: ChangeKind) -> list[roles.RoleLine]:
    own_id = uow.actor.employee_id
    return roles.list_for(uow, own_id) if kind in ROLE_KINDS and own_id else []


def _kind() -> ChangeKind:
    kind = kind_of(request.form)
    if kind is None:
        raise Refusal(Reason.NOBODY_CHOSEN)
    return kind


def _chosen(given: MultiDict[str, str]) -> Chosen:
    if _everybody(given):
        return Chosen(everybody=asked_for(given))
    return Chosen(ids=tuple(_ids(given)))


def _ids(given: MultiDict[str, str]) -> list[UUID]:
    """Each once, in the order given; what is no id is nobody."""
    return list(dict.fromkeys(given.getlist("person", type=UUID)))[:PAGE_LENGTH]


def _everybody(given: MultiDict[str, str]) -> bool:
    return given.get("everybody") == "yes"


def _some(given: MultiDict[str, str]) -> bool:
    return _everybody(given) or bool(_ids(given))


def _filter(given: MultiDict[str, str]) -> dict[str, Any]:
    return {name: given[name] for name in _FILTER if given.get(name)}


def _selection(given: MultiDict[str, str]) -> dict[str, Any]:
    """Who is chosen, for another address."""
    if _everybody(given):
        return {"everybody": "yes", **_filter(given)}
    return {"person": [str(one) for one in _ids(given)], **_filter(given)}


def _hidden(given: MultiDict[str, str]) -> list[tuple[str, str]]:
    """Who is chosen, for the hidden fields of a form."""
    return [
        (name, one)
        for name, value in _selection(given).items()
        for one in (value if isinstance(value, list) else [value])
    ]
