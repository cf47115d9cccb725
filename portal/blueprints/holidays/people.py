"""What is agreed with one person about free days: the list, what a change would touch, and taking it back."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug import Response

from portal.blueprints.holidays import blueprint
from portal.blueprints.holidays.forms import country_choices
from portal.blueprints.holidays.person_forms import (
    OWN_SITE,
    CalendarForm,
    DayOfPersonForm,
    ListForm,
    calendar_choices,
    list_choices,
    year_of,
)
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Refusal
from portal.services import agreed_holidays, holidays, personal_holidays
from portal.services.holiday_effects import Affected, seen_of
from portal.web.form_refusals import refused_form
from portal.web.guards import requires, signed_in
from portal.web.htmx import form_answer


@blueprint.get("/c/<company>/people/<uuid:employee_id>/holidays")
@signed_in
def of_person(uow: UnitOfWork, employee_id: UUID) -> str:
    return render_template("holidays/person.html", person=agreed_holidays.show(uow, employee_id))


@blueprint.get("/c/<company>/people/<uuid:employee_id>/holidays/day")
@requires(Permission.HOLIDAY_MANAGE)
def new_day_of_person(uow: UnitOfWork, employee_id: UUID) -> str:
    person = agreed_holidays.show(uow, employee_id)
    return render_template("holidays/person_day.html", person=person, form=DayOfPersonForm(formdata=None))


@blueprint.post("/c/<company>/people/<uuid:employee_id>/holidays/day")
@requires(Permission.HOLIDAY_MANAGE)
def add_day_of_person(uow: UnitOfWork, employee_id: UUID) -> Response | str:
    person, form = agreed_holidays.show(uow, employee_id), DayOfPersonForm()
    if not form.validate():
        return form_answer("holidays/person_day.html", person=person, form=form)
    try:
        affected = personal_holidays.preview_days(uow, employee_id, form.days())
        if form.seen.data != seen_of(affected):
            return _shown("holidays.add_day_of_person", person, affected, form.kept, days=form.days())
        return _done(personal_holidays.add_days(uow, employee_id, form.days()), employee_id)
    except Refusal as refusal:
        return refused_form("holidays/person_day.html", form, refusal, person=person)


@blueprint.get("/c/<company>/people/<uuid:employee_id>/holidays/list")
@requires(Permission.HOLIDAY_MANAGE)
def list_of_days(uow: UnitOfWork, employee_id: UUID) -> str:
    form = None
    year = year_of(request.args.get("year", ""), uow.today())
    if listed := request.args.get("list", ""):
        form = ListForm(formdata=None)
        form.offer(listed, year, uow.actor.language)
    return _list_page(uow, employee_id, form, year)


@blueprint.post("/c/<company>/people/<uuid:employee_id>/holidays/list")
@requires(Permission.HOLIDAY_MANAGE)
def add_days_of_list(uow: UnitOfWork, employee_id: UUID) -> Response | str:
    form = ListForm()
    form.offer(form.origin.data or "", year_of(form.year.data or "", uow.today()), uow.actor.language)
    person = agreed_holidays.show(uow, employee_id)
    try:
        affected = personal_holidays.preview_days(uow, employee_id, form.days())
        if form.seen.data != seen_of(affected):
            kept = {"origin": form.origin.data or "", "year": form.year.data or ""}
            return _shown(
                "holidays.add_days_of_list", person, affected, kept, days=form.days(), chosen=form.chosen.data
            )
        return _done(personal_holidays.add_days(uow, employee_id, form.days()), employee_id)
    except Refusal as refusal:
        return refused_form(
            "holidays/person_list.html",
            form,
            refusal,
            person=person,
            lists=list_choices(),
            year=form.year.data,
        )


@blueprint.get("/c/<company>/people/<uuid:employee_id>/holidays/calendar")
@requires(Permission.HOLIDAY_MANAGE)
def new_calendar(uow: UnitOfWork, employee_id: UUID) -> str:
    form = CalendarForm(formdata=None, data={"valid_from": uow.today()})
    form.offer(request.args.get("calendar", "") or OWN_SITE)
    person = agreed_holidays.show(uow, employee_id)
    return render_template(
        "holidays/person_calendar.html", person=person, form=form, calendars=_calendars(uow)
    )


@blueprint.post("/c/<company>/people/<uuid:employee_id>/holidays/calendar")
@requires(Permission.HOLIDAY_MANAGE)
def change_calendar(uow: UnitOfWork, employee_id: UUID) -> Response | str:
    person, form = agreed_holidays.show(uow, employee_id), CalendarForm()
    form.offer(form.calendar.data or "")
    calendars = _calendars(uow)
    if not form.validate():
        return form_answer("holidays/person_calendar.html", person=person, form=form, calendars=calendars)
    wish, called = form.wish(), dict(calendars).get(form.calendar.data or "", "")
    try:
        affected = personal_holidays.preview_calendar(uow, employee_id, wish)
        if form.seen.data != seen_of(affected):
            return _shown("holidays.change_calendar", person, affected, form.kept, wish=wish, called=called)
        return _done(personal_holidays.change_calendar(uow, employee_id, wish, called=called), employee_id)
    except Refusal as refusal:
        return refused_form(
            "holidays/person_calendar.html", form, refusal, person=person, calendars=calendars
        )


@blueprint.get("/c/<company>/holidays/agreed-days/<uuid:person_holiday_id>/removal")
@requires(Permission.HOLIDAY_MANAGE)
def ask_day_removal(uow: UnitOfWork, person_holiday_id: UUID) -> str:
    kept = agreed_holidays.day(uow, person_holiday_id)
    affected = personal_holidays.preview_day_removal(uow, kept)
    action = url_for("holidays.remove_day", person_holiday_id=person_holiday_id)
    return render_template("holidays/person_removal.html", kept=kept, affected=affected, action=action)


@blueprint.post("/c/<company>/holidays/agreed-days/<uuid:person_holiday_id>/removal")
@requires(Permission.HOLIDAY_MANAGE)
def remove_day(uow: UnitOfWork, person_holiday_id: UUID) -> Response:
    person_id = personal_holidays.remove_day(uow, person_holiday_id)
    flash(_("The entry is removed. Nobody was charged for it."), "success")
    return redirect(url_for("holidays.of_person", employee_id=person_id), 303)


@blueprint.get("/c/<company>/holidays/agreed-calendars/<uuid:person_calendar_id>/removal")
@requires(Permission.HOLIDAY_MANAGE)
def ask_calendar_removal(uow: UnitOfWork, person_calendar_id: UUID) -> str:
    kept = agreed_holidays.calendar(uow, person_calendar_id)
    affected = personal_holidays.preview_calendar_removal(uow, kept)
    action = url_for("holidays.remove_calendar", person_calendar_id=person_calendar_id)
    return render_template("holidays/person_removal.html", kept=kept, affected=affected, action=action)


@blueprint.post("/c/<company>/holidays/agreed-calendars/<uuid:person_calendar_id>/removal")
@requires(Permission.HOLIDAY_MANAGE)
def remove_calendar(uow: UnitOfWork, person_calendar_id: UUID) -> Response:
    called = _("the calendar of your own site holds again")
    person_id = personal_holidays.remove_calendar(uow, person_calendar_id, called=called)
    flash(_("The calendar is taken back. Nobody was charged for it."), "success")
    return redirect(url_for("holidays.of_person", employee_id=person_id), 303)


def _calendars(uow: UnitOfWork) -> list[tuple[str, str]]:
    return calendar_choices(holidays.sites(uow), country_choices())


def _list_page(uow: UnitOfWork, employee_id: UUID, form: ListForm | None, year: int) -> str:
    person = agreed_holidays.show(uow, employee_id)
    return render_template(
        "holidays/person_list.html", person=person, form=form, lists=list_choices(), year=year
    )


def _shown(
    endpoint: str,
    person: agreed_holidays.PersonHolidays,
    affected: list[Affected],
    kept: dict[str, str],
    **shown: object,
) -> str:
    return render_template(
        "holidays/person_preview.html",
        person=person,
        affected=affected,
        kept={**kept, "seen": seen_of(affected)},
        action=url_for(endpoint, employee_id=person.id),
        **shown,
    )


def _done(cheaper: int, employee_id: UUID) -> Response:
    flash(_("Saved. Calendars, requests and rosters know it from now on."), "success")
    if cheaper:
        said = ngettext(
            "%(num)s absence costs less now; the person was told.",
            "%(num)s absences cost less now; the person was told.",
            cheaper,
        )
        flash(said, "success")
    return redirect(url_for("holidays.of_person", employee_id=employee_id), 303)
