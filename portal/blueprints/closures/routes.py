"""The list of closures, and a new one with whom it touches. Opening and undoing one: blueprints/group_entries."""

from __future__ import annotations

from uuid import UUID

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug import Response
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from portal.blueprints.closures import blueprint
from portal.db import UnitOfWork
from portal.domain.group_entries import LONGEST_NAME, GroupKind
from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason, Refusal
from portal.services import absence_requests, access
from portal.services.absence_letters import CLOSURE
from portal.services.group_entries import closures, people
from portal.services.group_entries.planning import GroupPlan
from portal.web.form_refusals import put_refusal
from portal.web.group_forms import GroupForm
from portal.web.guards import requires
from portal.web.text_filters import one_line

_FREE = "free"


class ClosureForm(GroupForm):
    name = StringField(
        _l("What it is called"),
        filters=[one_line],
        validators=[DataRequired(_l("Please fill this in.")), Length(max=LONGEST_NAME)],
    )
    site = SelectField(_l("Where"))

    def offer(self, sites: list[tuple[UUID, str]]) -> None:
        self.absence_type_id.label.text = _("Charged to")
        self.absence_type_id.choices = [
            *self.absence_type_id.choices,
            SelectChoice(_FREE, _("Nobody: the days are free")),
        ]
        self.site.choices = [SelectChoice("", _("The whole company"))]
        self.site.choices += [SelectChoice(str(one), name) for one, name in sites]


@blueprint.get("/c/<company>/closures")
@requires(Permission.ABSENCE_ENTER)
def index(uow: UnitOfWork) -> str:
    may_close = access.can(uow, Permission.ABSENCE_ENTER, Reach.COMPANY)
    entries = people.list_entries(uow, GroupKind.CLOSURE)
    return render_template("closures/index.html", entries=entries, may_close=may_close)


@blueprint.get("/c/<company>/closures/new")
@requires(Permission.ABSENCE_ENTER)
def new(uow: UnitOfWork) -> str:
    return render_template("closures/new.html", form=_form(uow), plan=None)


@blueprint.post("/c/<company>/closures")
@requires(Permission.ABSENCE_ENTER)
def create(uow: UnitOfWork) -> Response:
    """Shows what it would do to whom; the yes to just that enters it."""
    form = _form(uow)
    if not form.validate():
        return _page(form, None, 422)
    free = form.absence_type_id.data == _FREE
    kind_id = closures.free_type(uow) if free else UUID(form.absence_type_id.data)
    site_id = UUID(form.site.data) if form.site.data else None
    wish = closures.closure_wish(kind_id, form.wish(kind_id), site_id=site_id)
    try:
        if form.seen.data:
            entry = closures.close(uow, UUID(form.key.data), wish, seen=form.seen.data)
            flash(_("The closure is entered. Everybody whom it touches gets a letter."), "success")
            return redirect(url_for("group_entries.show", group_entry_id=entry.id), 303)
        return _page(form, closures.preview(uow, wish), 200)
    except Refusal as refusal:
        if refusal.reason in (Reason.NOT_FOUND, Reason.NOT_PERMITTED):
            raise
        form.seen.data = ""
        put_refusal(form, refusal)
        return _page(form, None, 409 if refusal.reason is Reason.CHANGED_MEANWHILE else 422)


def _form(uow: UnitOfWork) -> ClosureForm:
    form = ClosureForm()
    form.offer_types([one for one in absence_requests.list_requestable(uow) if one.key != CLOSURE])
    form.offer(people.teams_and_sites(uow)[1])
    return form


def _page(form: ClosureForm, plan: GroupPlan | None, status: int) -> Response:
    return make_response(render_template("closures/new.html", form=form, plan=plan), status)
