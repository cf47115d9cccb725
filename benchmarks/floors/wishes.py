"""What the bar beside a wish is measured against: the same rows, bare."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Flask, render_template, request
from sqlalchemy import Engine, func, select

from portal.models.base import Base

TABLES = Base.metadata.tables


def add_wishes(app: Flask, engine: Engine, company_id: UUID, employee_id: UUID) -> None:
    """One more view of a bare app: what a person has left, their own days, and who of their teams is away."""
    entry, part, employee = TABLES["ledger_entry"], TABLES["absence_part"], TABLES["employee"]
    membership = TABLES["team_membership"]
    own, theirs = membership.alias(), membership.alias()

    @app.post("/bar")
    def bar() -> str:
        first, last = (date.fromisoformat(request.form[name]) for name in ("start_date", "end_date"))
        held = (
            select(entry.c.absence_type_id, entry.c.origin_year, func.sum(entry.c.amount))
            .where(entry.c.company_id == company_id, entry.c.employee_id == employee_id)
            .group_by(entry.c.absence_type_id, entry.c.origin_year)
        )
        taken = select(part.c.date, part.c.part, part.c.charge).where(
            part.c.company_id == company_id, part.c.employee_id == employee_id, part.c.live
        )
        team = (
            select(employee.c.id, employee.c.first_name, employee.c.last_name)
            .join(theirs, theirs.c.employee_id == employee.c.id)
            .join(own, own.c.team_id == theirs.c.team_id)
            .where(own.c.company_id == company_id, own.c.employee_id == employee_id)
        )
        away = select(part.c.employee_id, part.c.date).where(
            part.c.company_id == company_id,
            part.c.employee_id.in_(team.with_only_columns(employee.c.id)),
            part.c.date.between(first, last),
            part.c.live,
        )
        with engine.connect() as connection:
            return render_template(
                "bar.html",
                left=connection.execute(held).all(),
                taken=connection.execute(taken).all(),
                team=connection.execute(team).all(),
                away=connection.execute(away).all(),
            )
