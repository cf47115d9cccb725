"""Own days: entered or from a file, shown with whom they touch, then confirmed; and taken out again."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from portal.blueprints.holidays import blueprint
from portal.blueprints.holidays.forms import DayForm, FileForm, RowsForm, imported, kept_rows
from portal.blueprints.holidays.lists import asked_site
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.integrations.holiday_files import read_holidays
from portal.services import holidays, scanning
from portal.services.holiday_days import OwnDay
from portal.services.holiday_effects import Affected
from portal.web.form_refusals import refused_form
from portal.web.guards import requires
from portal.web.htmx import form_answer


@blueprint.get("/c/<company>/holidays/new")
@requires(Permission.HOLIDAY_MANAGE)
def new(uow: UnitOfWork) -> str:
    form = DayForm(formdata=None, data={"site": str(asked_site() or ""), "free": "yes"})
    form.offer(holidays.sites(uow))
    return render_template("holidays/new.html", form=form)


@blueprint.post("/c/<company>/holidays")
@requires(Permission.HOLIDAY_MANAGE)
def create(uow: UnitOfWork) -> Response | str:
    form = DayForm()
    form.offer(holidays.sites(uow))
    if not form.validate():
        return form_answer("holidays/new.html", form=form)
    try:
        affected = holidays.preview_days(uow, form.days())
        if form.seen.data != str(len(affected)):
            return _shown("holidays.create", form.days(), affected, form.kept)
        cheaper = holidays.add_days(uow, form.days())
    except Refusal as refusal:
        return refused_form("holidays/new.html", form, refusal)
    return _done(cheaper, form.site_id, form.date.data)


@blueprint.get("/c/<company>/holidays/import")
@requires(Permission.HOLIDAY_MANAGE)
def read_file(uow: UnitOfWork) -> str:
    form = FileForm(formdata=None, data={"site": str(asked_site() or "")})
    form.offer(holidays.sites(uow))
    return render_template("holidays/import.html", form=form)


@blueprint.post("/c/<company>/holidays/import-previews")
@requires(Permission.HOLIDAY_MANAGE)
def preview_file(uow: UnitOfWork) -> Response | str:
    form = FileForm()
    form.offer(holidays.sites(uow))
    if not form.validate():
        return form_answer("holidays/import.html", form=form)
    try:
        name, uploaded = form.file.data.filename or "", form.file.data.read()
        scanning.need_clean(uow, uploaded, file_name=name)
        days = imported(form.site_id, read_holidays(name, uploaded))
        days = holidays.without_known(uow, days)
        if not days:
            raise Refusal(Reason.ALREADY_SO, field="file")
        affected = holidays.preview_days(uow, days)
    except Refusal as refusal:
        return refused_form("holidays/import.html", form, refusal)
    kept = {"site": form.site.data, "rows": kept_rows(days)}
    return _shown("holidays.confirm_file", days, affected, kept)


@blueprint.post("/c/<company>/holidays/imports")
@requires(Permission.HOLIDAY_MANAGE)
def confirm_file(uow: UnitOfWork) -> Response | str:
    form = RowsForm()
    form.offer(holidays.sites(uow))
    if not form.validate():
        raise Refusal(Reason.NOT_FOUND)
    days = form.days()
    affected = holidays.preview_days(uow, days)
    if form.seen.data != str(len(affected)):
        kept = {"site": form.site.data, "rows": form.rows.data}
        return _shown("holidays.confirm_file", days, affected, kept)
    return _done(holidays.add_days(uow, days), form.site_id, days[0].date)


@blueprint.get("/c/<company>/holidays/<uuid:site_holiday_id>/removal")
@requires(Permission.HOLIDAY_MANAGE)
def ask_removal(uow: UnitOfWork, site_holiday_id: UUID) -> str:
    own = holidays.own_holiday(uow, site_holiday_id)
    affected = holidays.preview_removal(uow, site_holiday_id)
    return render_template("holidays/removal.html", own=own, affected=affected)


@blueprint.post("/c/<company>/holidays/<uuid:site_holiday_id>/removal")
@requires(Permission.HOLIDAY_MANAGE)
def remove(uow: UnitOfWork, site_holiday_id: UUID) -> Response:
    own = holidays.own_holiday(uow, site_holiday_id)
    holidays.remove(uow, site_holiday_id)
    flash(_("The entry is removed. Nobody was charged for it."), "success")
    return redirect(url_for("holidays.index", site=own.day.site_id, year=own.day.date.year), 303)


def _shown(endpoint: str, days: list[OwnDay], affected: list[Affected], kept: dict[str, str]) -> str:
    kept = {**kept, "seen": str(len(affected))}
    return render_template(
        "holidays/preview.html", days=days, affected=affected, kept=kept, action=url_for(endpoint)
    )


def _done(cheaper: int, site_id: UUID | None, day: date) -> Response:
    flash(_("Saved. Calendars, requests and rosters know it from now on."), "success")
    if cheaper:
        said = ngettext(
            "%(num)s absence became cheaper; the person was told.",
            "%(num)s absences became cheaper; the people were told.",
            cheaper,
        )
        flash(said, "success")
    return redirect(url_for("holidays.index", site=site_id, year=day.year), 303)
