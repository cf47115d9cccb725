"""Letters about days that lapse: HR sends and reminds, the person reads and says so."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from werkzeug import Response
from wtforms import DateField
from wtforms.validators import InputRequired

from portal.blueprints.year_ends import blueprint
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Refusal
from portal.services import lapse_notices
from portal.web.form_refusals import put_refusal
from portal.web.guards import requires
from portal.web.htmx import form_answer


class NoticesForm(FlaskForm):
    through = DateField(
        _l("Days that lapse by the end of"), validators=[InputRequired(_l("Please choose a date."))]
    )


@blueprint.get("/c/<company>/lapse-notices")
@requires(Permission.YEAR_END_RUN)
def notices(uow: UnitOfWork) -> str:
    form = NoticesForm(data={"through": date(uow.today().year, 12, 31)})
    return render_template("year_ends/notices.html", form=form, notices=lapse_notices.listed(uow))


@blueprint.post("/c/<company>/lapse-notices")
@requires(Permission.YEAR_END_RUN)
def send_notices(uow: UnitOfWork) -> Response:
    form = NoticesForm()
    if form.validate():
        try:
            sent = lapse_notices.send(uow, form.through.data)
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            flash(
                ngettext("%(num)s letter is on its way.", "%(num)s letters are on their way.", sent),
                "success",
            )
            return redirect(url_for("year_ends.notices"), 303)
    return form_answer("year_ends/notices.html", form=form, notices=lapse_notices.listed(uow))


@blueprint.post("/c/<company>/lapse-notices/reminders")
@requires(Permission.YEAR_END_RUN)
def remind(uow: UnitOfWork) -> Response:
    sent = lapse_notices.remind(uow)
    flash(ngettext("%(num)s letter is on its way.", "%(num)s letters are on their way.", sent), "success")
    return redirect(url_for("year_ends.notices"), 303)


@blueprint.get("/c/<company>/lapse-notices/<uuid:lapse_notice_id>")
@requires(Permission.ABSENCE_REQUEST)
def notice(uow: UnitOfWork, lapse_notice_id: UUID) -> str:
    """Only shows: opening a link, as mail programs do by themselves, proves nothing."""
    return render_template("year_ends/notice.html", notice=lapse_notices.own(uow, lapse_notice_id))


@blueprint.post("/c/<company>/lapse-notices/<uuid:lapse_notice_id>/confirmation")
@requires(Permission.ABSENCE_REQUEST)
def confirm_notice(uow: UnitOfWork, lapse_notice_id: UUID) -> Response:
    lapse_notices.confirm(uow, lapse_notice_id)
    flash(_("Thank you. It is noted that you have read it."), "success")
    return redirect(url_for("year_ends.notice", lapse_notice_id=lapse_notice_id), 303)
