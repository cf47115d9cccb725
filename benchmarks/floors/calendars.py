"""What the calendar and a company's feed are measured against: the same rows, bare."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from flask import Flask, Response, render_template
from sqlalchemy import Engine, MetaData, select

from portal.domain.feeds import window
from portal.domain.months import Month
from portal.models.base import Base

TABLES: MetaData = Base.metadata


def add_calendars(app: Flask, engine: Engine, company_id: UUID, today: date, per_page: int) -> None:
    """Two more views of a bare app: a page of people by name with their month, and everybody's absences as text."""
    employee, part, absence = (TABLES.tables[name] for name in ("employee", "absence_part", "absence"))
    shift, template = TABLES.tables["published_shift"], TABLES.tables["shift_template"]

    @app.get("/calendar")
    def calendar() -> str:
        month = Month.of(today)
        names = (
            select(employee.c.id, employee.c.first_name, employee.c.last_name, employee.c.job_title)
            .where(employee.c.company_id == company_id)
            .order_by(employee.c.last_name, employee.c.first_name)
            .limit(per_page)
        )
        with engine.connect() as connection:
            rows = connection.execute(names).all()
            ids = [row.id for row in rows]
            away = select(part.c.employee_id, part.c.date).where(
                part.c.company_id == company_id,
                part.c.employee_id.in_(ids),
                part.c.date.between(month.first_day, month.last_day),
            )
            worked = (
                select(shift.c.employee_id, shift.c.date, template.c.code)
                .join(template, template.c.id == shift.c.shift_template_id)
                .where(
                    shift.c.company_id == company_id,
                    shift.c.employee_id.in_(ids),
                    shift.c.date.between(month.first_day, month.last_day),
                )
            )
            off = {(one.employee_id, one.date) for one in connection.execute(away)}
            codes = {(one.employee_id, one.date): one.code for one in connection.execute(worked)}
        return render_template("grid.html", rows=rows, days=month.days(), codes=codes, off=off)

    @app.get("/feed")
    def feed() -> Response:
        dates = window(today)
        query = (
            select(absence.c.id, employee.c.first_name, employee.c.last_name, part.c.date)
            .join(employee, employee.c.id == absence.c.employee_id)
            .join(part, part.c.absence_id == absence.c.id)
            .where(
                absence.c.company_id == company_id,
                part.c.date.between(dates.first_day, dates.last_day),
            )
            .order_by(absence.c.id, part.c.date)
        )
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//floor//EN"]
        with engine.connect() as connection:
            for one in connection.execute(query):
                lines += [
                    "BEGIN:VEVENT",
                    f"UID:{one.id}-{one.date}",
                    f"SUMMARY:{one.first_name} {one.last_name}",
                    f"DTSTART;VALUE=DATE:{one.date:%Y%m%d}",
                    f"DTEND;VALUE=DATE:{one.date + timedelta(days=1):%Y%m%d}",
                    "END:VEVENT",
                ]
        return Response("\r\n".join([*lines, "END:VCALENDAR", ""]), content_type="text/calendar")
