"""A report on the page, and as a file. What it holds is limited person by person by the reader's rights."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import render_template, request
from werkzeug.wrappers import Response

from portal.blueprints.reports import blueprint
from portal.blueprints.reports.tables import CHART_HEIGHT, table_of
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import reports
from portal.services.reports import Report
from portal.web.downloads import csv_answer, workbook_answer
from portal.web.guards import requires
from portal.web.report_words import REPORTS

#: So many rows stand on the page; the file has all.
SHOWN = 300
#: Outside of these there is nothing to report on, and no year to choose.
_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_POSSIBLE: dict[str, Any] = {"first": date(_FIRST_YEAR, 1, 1), "last": date(_LAST_YEAR, 12, 31)}


@blueprint.get("/c/<company>/reports")
@requires(Permission.ABSENCE_APPROVE)
def index(uow: UnitOfWork) -> str:
    report, day = _report(request.args.get("report")), _day(uow, request.args.get("day"))
    table = table_of(uow, report, day)
    return render_template(
        "reports/index.html",
        report=report,
        day=day,
        table=table,
        shown=table.rows[:SHOWN],
        chart_height=CHART_HEIGHT,
    )


@blueprint.post("/c/<company>/reports/exports")
@requires(Permission.ABSENCE_APPROVE)
def export(uow: UnitOfWork) -> Response:
    report, day = _report(request.form.get("report")), _day(uow, request.form.get("day"))
    kind = request.form.get("kind", "")
    if kind not in {"csv", "xlsx"}:
        raise Refusal(Reason.NOT_FOUND)
    table = table_of(uow, report, day)
    reports.record_export(uow, report, kind=kind, rows=len(table.rows), day=day)
    name = f"{report}-{day.isoformat()}.{kind}"
    if kind == "csv":
        return csv_answer(table.heading, table.rows, file_name=name)
    return workbook_answer(table.heading, table.rows, title=str(REPORTS[report])[:31], file_name=name)


def _report(text: str | None) -> Report:
    try:
        return Report(text or Report.BALANCES)
    except ValueError:
        raise Refusal(Reason.NOT_FOUND) from None


def _day(uow: UnitOfWork, text: str | None) -> date:
    if not text:
        return uow.today()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Refusal(Reason.REPORT_DAY, **_POSSIBLE) from None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise Refusal(Reason.REPORT_DAY, **_POSSIBLE)
    return day
