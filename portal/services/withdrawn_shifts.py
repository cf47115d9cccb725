"""Remembers published shifts that publishing takes from somebody, so that calendars can show them as cancelled."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text

from portal.db import UnitOfWork
from portal.domain.feeds import KEPT

# Written inside the database, as publishing itself is. Row security holds here as well.
_FORGET = text(
    "DELETE FROM withdrawn_shift AS gone WHERE company_id = :company_id AND roster_id = :roster_id AND ("
    " withdrawn_at < :long_ago OR EXISTS (SELECT 1 FROM shift WHERE shift.company_id = gone.company_id"
    " AND shift.id = gone.shift_id AND shift.employee_id = gone.employee_id))"
)
_NOTE = text(
    "INSERT INTO withdrawn_shift (company_id, id, shift_id, roster_id, employee_id, shift_template_id, date,"
    " during, shared_version, withdrawn_at)"
    " SELECT old.company_id, gen_random_uuid(), old.id, old.roster_id, old.employee_id, old.shift_template_id,"
    " old.date, old.during, :version, :now FROM published_shift AS old"
    " LEFT JOIN shift AS kept ON kept.company_id = old.company_id AND kept.id = old.id"
    " AND kept.employee_id = old.employee_id"
    " WHERE old.company_id = :company_id AND old.id = ANY(:ids) AND kept.id IS NULL"
)


def note(uow: UnitOfWork, roster_id: UUID, shift_ids: list[UUID], *, version: int) -> None:
    """Those of the shifts that nobody gets in their place, before they are removed; old ones are forgotten."""
    now = uow.clock.now()
    uow.session.flush()
    where = {"company_id": uow.company.id, "roster_id": roster_id}
    uow.session.execute(_FORGET, {**where, "long_ago": now - KEPT})
    gone = {"company_id": uow.company.id, "ids": shift_ids, "version": version, "now": now}
    uow.session.execute(_NOTE, gone)
