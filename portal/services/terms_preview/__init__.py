"""What other working time or another site would change, before it is saved: for one person or many. Nothing writes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from portal.db import UnitOfWork
from portal.domain.working_patterns import EmploymentTerms
from portal.models.employee import Employment
from portal.services import employments
from portal.services.employments import Terms
from portal.services.terms_preview.cost_changes import cost_changes
from portal.services.terms_preview.entitlement_changes import entitlement_changes
from portal.services.terms_preview.facts import (
    BeforeAndAfter,
    CostChange,
    EntitlementChange,
    TermsPreview,
)
from portal.services.working_time import terms_in

__all__ = ["CostChange", "EntitlementChange", "TermsPreview", "preview", "previews"]


def preview(uow: UnitOfWork, employee_id: UUID, terms: Terms, terms_from: date) -> TermsPreview:
    """Compares every year granted from that day on, and every absence, of one person."""
    return previews(uow, {employee_id: terms}, terms_from)[employee_id]


def previews(uow: UnitOfWork, wanted: Mapping[UUID, Terms], terms_from: date) -> dict[UUID, TermsPreview]:
    """The same for many people, each with their own new terms: as many statements as for one."""
    changing: dict[UUID, BeforeAndAfter] = {}
    for employee_id, rows in employments.lists_of(uow, wanted).items():
        before = tuple(terms_in(row) for row in rows)
        after = _changed(rows, employee_id, wanted[employee_id], terms_from)
        if after is not None and set(after) != set(before):
            changing[employee_id] = BeforeAndAfter(before, after)
    granted = entitlement_changes(uow, changing, terms_from) if changing else {}
    costs = cost_changes(uow, changing, terms_from) if changing else {}
    return {
        one: TermsPreview(terms_from, granted.get(one, []), costs.get(one, []), _seen(one, terms, terms_from))
        for one, terms in wanted.items()
    }


def _seen(employee_id: UUID, terms: Terms, day: date) -> str:
    return hashlib.sha256(repr((employee_id, terms, day)).encode()).hexdigest()[:32]


def _changed(
    rows: list[Employment], employee_id: UUID, terms: Terms, day: date
) -> tuple[EmploymentTerms, ...] | None:
    """The terms as saving would leave them, on copies that no session knows."""
    copies = [
        employments.segment(
            employee_id, employments.terms_at([row], row.start_date), row.start_date, row.end_date
        )
        for row in rows
    ]
    if not copies or day < copies[0].start_date:
        return None
    _, added = employments.change_segments(copies, employee_id, terms, day)
    return tuple(terms_in(row) for row in (*copies, *([added] if added else [])))
