"""The list of rules, one rule with the days that break it, and which types count as being at work."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.blueprints.staffing_rules import blueprint
from portal.blueprints.staffing_rules.forms import RuleForm, WorkTypesForm, values_of
from portal.db import UnitOfWork
from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason, Refusal
from portal.services import access
from portal.services.staffing import naming, rules
from portal.services.staffing.crowd import RuleFacts
from portal.services.staffing.rules import AHEAD_DAYS, BrokenDay
from portal.web.form_refusals import put_refusal
from portal.web.guards import requires
from portal.web.htmx import form_answer


@blueprint.get("/c/<company>/staffing-rules")
@requires(Permission.STAFFING_MANAGE)
def index(uow: UnitOfWork) -> str:
    form = None
    if access.can(uow, Permission.STAFFING_MANAGE, Reach.COMPANY):
        types = rules.work_types(uow)
        form = WorkTypesForm(data={"types": [str(one.kind.id) for one in types if one.at_work]})
        form.offer(types)
    return render_template("staffing_rules/index.html", rules=rules.list_rules(uow), form=form)


@blueprint.post("/c/<company>/staffing-rules/work-types")
@requires(Permission.STAFFING_MANAGE)
def choose_work_types(uow: UnitOfWork) -> Response:
    form = WorkTypesForm()
    form.offer(rules.work_types(uow))
    rules.choose_work_types(uow, form.chosen)
    flash(_("Saved."), "success")
    return redirect(url_for("staffing_rules.index"), 303)


@blueprint.get("/c/<company>/staffing-rules/new")
@requires(Permission.STAFFING_MANAGE)
def new(uow: UnitOfWork) -> str:
    form = RuleForm(formdata=None, data={"weekdays": [1, 2, 3, 4, 5], "valid_from": uow.today()})
    _offer(uow, form)
    return _page(form, None, None)


@blueprint.post("/c/<company>/staffing-rules/preview")
@requires(Permission.STAFFING_MANAGE)
def preview(uow: UnitOfWork) -> str:
    """Which days ahead a rule would find broken, before it is saved."""
    return _previewed(uow, None)


@blueprint.post("/c/<company>/staffing-rules")
@requires(Permission.STAFFING_MANAGE)
def create(uow: UnitOfWork) -> Response:
    form = RuleForm()
    _offer(uow, form)
    if form.validate():
        try:
            rules.create(uow, _facts(uow, form))
        except Refusal as refusal:
            _show(form, refusal)
        else:
            flash(_("The rule holds from now on."), "success")
            return redirect(url_for("staffing_rules.index"), 303)
    return _again(form, None)


@blueprint.get("/c/<company>/staffing-rules/<uuid:staffing_rule_id>")
@requires(Permission.STAFFING_MANAGE)
def edit(uow: UnitOfWork, staffing_rule_id: UUID) -> str:
    facts = rules.get(uow, staffing_rule_id)
    form = RuleForm(formdata=None, data=values_of(facts))
    _offer(uow, form)
    return _page(form, staffing_rule_id, rules.ahead(uow, facts))


@blueprint.post("/c/<company>/staffing-rules/<uuid:staffing_rule_id>/preview")
@requires(Permission.STAFFING_MANAGE)
def preview_change(uow: UnitOfWork, staffing_rule_id: UUID) -> str:
    rules.get(uow, staffing_rule_id)
    return _previewed(uow, staffing_rule_id)


@blueprint.post("/c/<company>/staffing-rules/<uuid:staffing_rule_id>")
@requires(Permission.STAFFING_MANAGE)
def change(uow: UnitOfWork, staffing_rule_id: UUID) -> Response:
    form = RuleForm()
    _offer(uow, form)
    if form.validate():
        try:
            rules.change(uow, staffing_rule_id, _facts(uow, form))
        except Refusal as refusal:
            _show(form, refusal)
        else:
            flash(_("The rule holds like this from now on. What is decided stays."), "success")
            return redirect(url_for("staffing_rules.index"), 303)
    return _again(form, staffing_rule_id)


@blueprint.post("/c/<company>/staffing-rules/<uuid:staffing_rule_id>/removal")
@requires(Permission.STAFFING_MANAGE)
def remove(uow: UnitOfWork, staffing_rule_id: UUID) -> Response:
    rules.remove(uow, staffing_rule_id)
    flash(_("The rule is removed."), "success")
    return redirect(url_for("staffing_rules.index"), 303)


def _offer(uow: UnitOfWork, form: RuleForm) -> None:
    form.offer(rules.scope(uow), rules.work_types(uow))


def _facts(uow: UnitOfWork, form: RuleForm) -> RuleFacts:
    return form.facts(naming.find(uow, form.emails, form.type_ids))


def _previewed(uow: UnitOfWork, rule_id: UUID | None) -> str:
    form = RuleForm()
    _offer(uow, form)
    found = None
    if form.validate():
        try:
            found = rules.preview(uow, _facts(uow, form))
        except Refusal as refusal:
            _show(form, refusal)
    return _page(form, rule_id, found)


def _page(form: RuleForm, rule_id: UUID | None, broken: list[BrokenDay] | None) -> str:
    return render_template(
        "staffing_rules/edit.html", form=form, rule_id=rule_id, broken=broken, ahead=AHEAD_DAYS
    )


def _again(form: RuleForm, rule_id: UUID | None) -> Response:
    return form_answer("staffing_rules/edit.html", form=form, rule_id=rule_id, broken=None, ahead=AHEAD_DAYS)


def _show(form: RuleForm, refusal: Refusal) -> None:
    """What is missing stays missing; all else stands at its field."""
    if refusal.reason in (Reason.NOT_FOUND, Reason.NOT_PERMITTED):
        raise refusal
    put_refusal(form, refusal)
