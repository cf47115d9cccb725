"""What pages are measured against: bare Flask, SQLAlchemy Core and Jinja over the same rows.

Nobody signs in, nothing is scoped, translated or formatted; the connection is the superuser's, whom row security
does not bind.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Flask, render_template
from sqlalchemy import MetaData, Table, create_engine, select

from portal.domain.months import Month
from portal.models.base import Base
from portal.services.absence_lists import PAGE_SIZE

TABLES: MetaData = Base.metadata


def bare_app(url: str, company_id: UUID, roster_id: UUID, today: date) -> Flask:
    """Three views; each asks for the rows that the portal's page shows, and prints the same fields."""
    app = Flask(__name__, template_folder=".")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    engine = create_engine(url)
    employee, absence = _table("employee"), _table("absence")

    @app.get("/approvals")
    def approvals() -> str:
        query = (
            select(
                employee.c.first_name,
                employee.c.last_name,
                absence.c.start_date,
                absence.c.end_date,
                absence.c.charge,
                absence.c.note,
                absence.c.requested_at,
            )
            .join(employee, employee.c.id == absence.c.employee_id)
            .where(absence.c.company_id == company_id, absence.c.status == "requested")
            .order_by(absence.c.requested_at)
            .limit(PAGE_SIZE)
        )
        with engine.connect() as connection:
            return render_template("approvals.html", rows=connection.execute(query).all())

    @app.get("/people")
    def people() -> str:
        membership, team = _table("team_membership"), _table("team")
        employment, site = _table("employment"), _table("site")
        query = (
            select(
                employee.c.first_name,
                employee.c.last_name,
                employee.c.job_title,
                employee.c.email,
                team.c.name.label("team"),
                site.c.name.label("site"),
            )
            .join(membership, membership.c.employee_id == employee.c.id)
            .join(team, team.c.id == membership.c.team_id)
            .join(employment, employment.c.employee_id == employee.c.id)
            .join(site, site.c.id == employment.c.site_id)
            .where(employee.c.company_id == company_id)
            .order_by(employee.c.last_name, employee.c.first_name)
            .limit(100)
        )
        with engine.connect() as connection:
            return render_template("people.html", rows=connection.execute(query).all())

    @app.get("/grid")
    def grid() -> str:
        shift, template, part = _table("shift"), _table("shift_template"), _table("absence_part")
        month = Month.of(today)
        shifts = (
            select(shift.c.employee_id, shift.c.date, template.c.code)
            .join(template, template.c.id == shift.c.shift_template_id)
            .where(shift.c.company_id == company_id, shift.c.roster_id == roster_id)
        )
        away = select(part.c.employee_id, part.c.date).where(
            part.c.company_id == company_id, part.c.date.between(month.first_day, month.last_day)
        )
        names = (
            select(employee.c.id, employee.c.first_name, employee.c.last_name, employee.c.job_title)
            .where(employee.c.company_id == company_id)
            .order_by(employee.c.last_name, employee.c.first_name)
        )
        with engine.connect() as connection:
            rows = connection.execute(names).all()
            codes = {(one.employee_id, one.date): one.code for one in connection.execute(shifts)}
            off = {(one.employee_id, one.date) for one in connection.execute(away)}
        return render_template("grid.html", rows=rows, days=month.days(), codes=codes, off=off)

    return app


def _table(name: str) -> Table:
    return TABLES.tables[name]
