"""The operator's register of processors."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import DateField, StringField
from wtforms.validators import InputRequired, Length

from portal.blueprints.operator import blueprint
from portal.blueprints.operator.openings import staff_of
from portal.domain.refusals import Refusal
from portal.services import processor_notices, processors
from portal.services.operator_work import OperatorWork
from portal.services.processors import LONGEST, Described
from portal.web.form_refusals import refused_form
from portal.web.htmx import form_answer
from portal.web.operator_door import staff_page
from portal.web.text_filters import one_line

_MISSING = _l("Please fill this in.")
_TEMPLATE = "operator/processors.html"
_RULES = [InputRequired(_MISSING), Length(max=LONGEST)]


class ProcessorForm(FlaskForm):
    """One that is in use, or will be."""

    name = StringField(lazy_pgettext("of a thing", "Name"), filters=[one_line], validators=_RULES)
    purpose = StringField(_l("Purpose"), filters=[one_line], validators=_RULES)
    data = StringField(_l("Data"), filters=[one_line], validators=_RULES)
    place = StringField(_l("Place"), filters=[one_line], validators=_RULES)
    contract = StringField(_l("Contract"), filters=[one_line], validators=_RULES)
    since = DateField(_l("In use since, or from"), validators=[InputRequired(_MISSING)])


@blueprint.get("/operator/processors")
@staff_page
def list_processors(work: OperatorWork) -> str:
    return render_template(_TEMPLATE, form=ProcessorForm(formdata=None), **_shown(work))


@blueprint.post("/operator/processors")
@staff_page
def add_processor(work: OperatorWork) -> Response:
    """On the register first, whole; then the worker tells every company, and goes on where it was stopped."""
    staff, form = staff_of(work), ProcessorForm()
    if not form.validate() or form.since.data is None:
        return form_answer(_TEMPLATE, form=form, **_shown(work))
    texts = {name: form[name].data or "" for name in ("name", "purpose", "data", "place", "contract")}
    try:
        processors.add(work, staff, Described(since=form.since.data, **texts))
    except Refusal as refusal:
        return refused_form(_TEMPLATE, form, refusal, **_shown(work))
    work.session.commit()
    processor_notices.tell_soon()
    flash(_("The processor is on the register. Every company is told within minutes."), "success")
    return redirect(url_for("operator.list_processors"), code=303)


@blueprint.post("/operator/processors/<uuid:processor_id>/end")
@staff_page
def end_processor(work: OperatorWork, processor_id: UUID) -> Response:
    processors.end(work, staff_of(work), processor_id)
    return redirect(url_for("operator.list_processors"), code=303)


def _shown(work: OperatorWork) -> dict[str, object]:
    return {
        "staff": staff_of(work),
        "processors": processors.of_operator(work),
        "objections": processors.objections(work),
        "spread": processor_notices.spread(work),
    }
