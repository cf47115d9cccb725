"""What pages are measured against: bare Flask, SQLAlchemy Core and Jinja over the same rows.

Nobody signs in, nothing is scoped, translated or formatted; the connection is the superuser's, whom row security
does not bind.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Flask, render_template
from sqlalchemy import Connection, MetaData, Table, and_, create_engine, extract, func, select

from portal.domain.months import Month
from portal.models.base import Base
from portal.services.absence_approvals import PAGE_SIZE

TABLES: MetaData = Base.metadata


def bare_app(url: str, company_id: UUID, roster_id: UUID, today: date) -> Flask:
    """Three views; each asks for the rows that the portal's page shows, and prints the same fields."""
    app = Flask(__name__, template_folder=".")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    engine = create_engine(url)
    employee, absence = _table("employee"), _table("absence")

    @app.get("/approvals")
    def approvals() -> str:
        kind = _table("absence_type")
        query = (
            select(
                absence.c.id,
                absence.c.employee_id,
                absence.c.absence_type_id,
                employee.c.first_name,
                employee.c.last_name,
                kind.c.name,
                absence.c.start_date,
                absence.c.end_date,
                absence.c.charge,
                absence.c.note,
                absence.c.requested_at,
                absence.c.version,
            )
            .join(employee, employee.c.id == absence.c.employee_id)
            .join(kind, kind.c.id == absence.c.absence_type_id)
            .where(absence.c.company_id == company_id, absence.c.status == "requested")
            .order_by(absence.c.requested_at)
            .limit(PAGE_SIZE)
        )
        with engine.connect() as connection:
            rows = connection.execute(query).all()
            left = _left(connection, company_id, [row.employee_id for row in rows])
            away = _away(connection, company_id, [row.id for row in rows])
        return render_template("approvals.html", rows=rows, left=left, away=away)

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


def _left(connection: Connection, company_id: UUID, people: list[UUID]) -> dict[tuple[UUID, UUID, int], int]:
    """What each person's ledger holds, less what waits: by person, type and year."""
    entry, absence, part = _table("ledger_entry"), _table("absence"), _table("absence_part")
    keys = entry.c.employee_id, entry.c.absence_type_id, entry.c.origin_year
    held = (
        select(*keys, func.sum(entry.c.amount))
        .where(entry.c.company_id == company_id, entry.c.employee_id.in_(people))
        .group_by(*keys)
    )
    year = extract("year", part.c.date)
    waiting = (
        select(absence.c.employee_id, absence.c.absence_type_id, year, func.sum(part.c.charge))
        .join(part, part.c.absence_id == absence.c.id)
        .where(
            absence.c.company_id == company_id,
            absence.c.status == "requested",
            absence.c.employee_id.in_(people),
        )
        .group_by(absence.c.employee_id, absence.c.absence_type_id, year)
    )
    left = {(person, kind, of): amount for person, kind, of, amount in connection.execute(held)}
    for person, kind, of, amount in connection.execute(waiting):
        left[person, kind, int(of)] = left.get((person, kind, int(of)), 0) - amount
    return left


def _away(connection: Connection, company_id: UUID, asked_ids: list[UUID]) -> dict[UUID, list[Any]]:
    """Who else of the team is away, by request."""
    employee = _table("employee")
    asked, other = _table("absence").alias(), _table("absence").alias()
    own, theirs = _table("team_membership").alias(), _table("team_membership").alias()
    query = (
        select(asked.c.id, employee.c.first_name, employee.c.last_name, other.c.status)
        .join(own, own.c.employee_id == asked.c.employee_id)
        .join(theirs, theirs.c.team_id == own.c.team_id)
        .join(
            other,
            and_(
                other.c.employee_id == theirs.c.employee_id,
                other.c.employee_id != asked.c.employee_id,
                other.c.status.in_(["requested", "approved"]),
                other.c.start_date <= asked.c.end_date,
                other.c.end_date >= asked.c.start_date,
            ),
        )
        .join(employee, employee.c.id == other.c.employee_id)
        .where(asked.c.company_id == company_id, asked.c.id.in_(asked_ids))
        .order_by(employee.c.last_name, employee.c.first_name)
    )
    away: dict[UUID, list[Any]] = {}
    for row in connection.execute(query):
        away.setdefault(row.id, []).append(row)
    return away
