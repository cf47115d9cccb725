"""Choosing the pack of one site, or of people without a site."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug import Response
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from portal.blueprints.law_packs import blueprint
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import law_pack_choices
from portal.services.law_pack_choices import BY_COUNTRY, LONGEST_REASON, NO_PACK, SiteChoice
from portal.web.form_refusals import put_refusal
from portal.web.guards import requires
from portal.web.htmx import form_answer
from portal.web.text_filters import one_line


class ChoiceForm(FlaskForm):
    """Which pack, and why."""

    pack = SelectField(_l("Law pack"))
    reason = StringField(_l("Reason"), filters=[one_line], validators=[Length(max=LONGEST_REASON)])

    def offer(self, shown: SiteChoice) -> None:
        country = shown.country_pack or _("none is known")
        self.pack.choices = [
            SelectChoice(BY_COUNTRY, _("That of the country (%(pack)s)", pack=country)),
            *(SelectChoice(code, name) for code, name in shown.packs),
            SelectChoice(NO_PACK, _("None: nothing is compared")),
        ]


@blueprint.get("/c/<company>/law-packs/choice")
@requires(Permission.ABSENCE_TYPE_MANAGE)
def choice(uow: UnitOfWork) -> str:
    """For people without a site."""
    return _page(uow, None)


@blueprint.post("/c/<company>/law-packs/choice")
@requires(Permission.ABSENCE_TYPE_MANAGE)
def choose(uow: UnitOfWork) -> Response:
    return _choose(uow, None)


@blueprint.get("/c/<company>/law-packs/sites/<uuid:site_id>/choice")
@requires(Permission.ABSENCE_TYPE_MANAGE)
def choice_of_site(uow: UnitOfWork, site_id: UUID) -> str:
    return _page(uow, site_id)


@blueprint.post("/c/<company>/law-packs/sites/<uuid:site_id>/choice")
@requires(Permission.ABSENCE_TYPE_MANAGE)
def choose_for_site(uow: UnitOfWork, site_id: UUID) -> Response:
    return _choose(uow, site_id)


def _page(uow: UnitOfWork, site_id: UUID | None) -> str:
    shown = law_pack_choices.show(uow, site_id)
    form = ChoiceForm(formdata=None, data={"pack": shown.chosen, "reason": shown.reason})
    form.offer(shown)
    return render_template("law_packs/choice.html", shown=shown, form=form)


def _choose(uow: UnitOfWork, site_id: UUID | None) -> Response:
    shown = law_pack_choices.show(uow, site_id)
    form = ChoiceForm()
    form.offer(shown)
    if form.validate():
        try:
            law_pack_choices.choose(uow, site_id, form.pack.data, form.reason.data or "")
        except Refusal as refusal:
            if refusal.reason is Reason.NOT_FOUND:
                raise
            put_refusal(form, refusal)
        else:
            flash(_("The law pack is chosen. Nothing that was given is changed by it."), "success")
            return redirect(url_for("law_packs.index"), 303)
    return form_answer("law_packs/choice.html", shown=shown, form=form)
