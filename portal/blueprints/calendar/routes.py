"""The calendar of a team, or of everybody within reach. The address holds all that is asked; the rest is worked out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug import Response as BaseResponse

from portal.blueprints.calendar import blueprint
from portal.blueprints.calendar.page import calendar_page
from portal.db import UnitOfWork
from portal.domain.calendar_spans import Span, SpanKind
from portal.domain.months import Month
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import calendar_choices, calendar_print, own_calendar, team_calendar
from portal.services.calendar_print import CalendarWords
from portal.services.team_calendar import CalendarFilter
from portal.web.downloads import file_answer
from portal.web.guards import requires
from portal.web.months import asked_month

EVERYBODY = "all"
_MOST_PAGES = 1000
#: What the address of the calendar may ask for.
_ASKED = ("month", "span", "team", "site", "type", "page")


@blueprint.get("/c/<company>/calendar")
@requires(Permission.CALENDAR_VIEW)
def index(uow: UnitOfWork) -> Response | str:
    today = uow.today()
    # First, because the book of holidays comes along with it.
    types, sites = calendar_choices.choices(uow)
    found = team_calendar.team_span(uow, _asked_span(uow), _asked_filter())
    page = calendar_page(found, today)
    return render_template("calendar/index.html", page=page, types=types, sites=sites, kinds=list(SpanKind))


@blueprint.get("/c/<company>/calendar/print.pdf")
@requires(Permission.CALENDAR_VIEW)
def print_pdf(uow: UnitOfWork) -> BaseResponse:
    """The month of the same people as on the screen. Of a longer time the screen offers each month by itself."""
    span = _asked_span(uow)
    if span.kind is not SpanKind.MONTH:
        flash(_("A PDF holds one month. Choose which one under PDF."), "info")
        kept: dict[str, Any] = {name: request.args[name] for name in _ASKED if name in request.args}
        return redirect(url_for("calendar.index", **kept), 303)
    printed = calendar_print.print_month(uow, span.first_month, _asked_filter(), _sheet_words())
    return file_answer(printed.pdf, content_type="application/pdf", file_name=printed.file_name, shown=True)


@blueprint.get("/c/<company>/calendar/mine")
@requires(Permission.ABSENCE_REQUEST)
def mine(uow: UnitOfWork) -> str:
    month = asked_month() or Month.of(uow.today())
    kind = SpanKind.MONTH if request.args.get("span") == SpanKind.MONTH else SpanKind.YEAR
    found = own_calendar.own_span(uow, Span.around(kind, month))
    return render_template("calendar/mine.html", found=found)


def _sheet_words() -> CalendarWords:
    return CalendarWords(
        title=_("Calendar"),
        everybody=_("Everybody I may see"),
        name=_("Name"),
        days_away=_("Days"),
        people_away=_("People away"),
        page=_("Page {page} of {pages}"),
        nobody=_("Nobody to show"),
        printed=_("Printed {moment}"),
        away=_("Away"),
        vacation=_("Vacation"),
        closure=_("Company closure"),
    )


def _asked_span(uow: UnitOfWork) -> Span:
    try:
        kind = SpanKind(request.args.get("span") or SpanKind.MONTH)
    except ValueError:
        raise Refusal(Reason.NOT_FOUND) from None
    return Span.around(kind, asked_month() or Month.of(uow.today()))


def _asked_filter() -> CalendarFilter:
    team = request.args.get("team")
    return CalendarFilter(
        team_id=None if team == EVERYBODY else _id(team),
        everybody=team == EVERYBODY,
        site_id=_id(request.args.get("site")),
        type_id=_id(request.args.get("type")),
        page=_page(request.args.get("page")),
    )


def _id(text: str | None) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise Refusal(Reason.NOT_FOUND) from None


def _page(text: str | None) -> int:
    if not text:
        return 1
    if not (text.isascii() and text.isdigit() and 0 < int(text[:5]) <= _MOST_PAGES):
        raise Refusal(Reason.NOT_FOUND)
    return int(text[:5])
