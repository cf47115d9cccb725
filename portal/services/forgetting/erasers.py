"""Erases one table of one person, as the data map says. Doing it again changes nothing.

Core statements on purpose: the audit log tells what the session changes row by row, and would remember what is to be
forgotten.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text, update

from portal.db import UnitOfWork
from portal.domain.data_map import Erase, Export, Rows
from portal.integrations.letters import in_language
from portal.models.employee import Employee
from portal.services import data_map, photos
from portal.services.data_map.cards import Card
from portal.services.forgetting.plans import fields_of

#: Tables to which the portal may only add: the database erases, and asks for an approved request.
_HISTORY = {"confirmation", "ledger_entry", "sign_in_attempt"}
#: How an erased person is called where somebody has to be named.
N_ = str
_CALLED = N_("Erased person")


def erase(uow: UnitOfWork, employee_id: UUID, table: str, waits_for: str) -> int:
    """Deletes or empties what goes at that time; says how many rows it was."""
    card = data_map.CARDS[table]
    if table == "event":
        return _redact_log(uow, employee_id)
    if table in _HISTORY:
        statement = text("SELECT erase_history(:person, :of_table)")
        return int(uow.session.scalar(statement, {"person": employee_id, "of_table": table}) or 0)
    if table == "employee":
        return _make_pseudonymous(uow, employee_id, fields_of(card, waits_for))
    _delete_files(uow, card, employee_id)
    if card.rows is Rows.DELETED:
        return _count(uow, delete(card.model).where(_theirs(card, employee_id)))
    values = {
        name: None if card.fields[name].erase is Erase.NULL else "" for name in fields_of(card, waits_for)
    }
    return _count(uow, update(card.model).where(_theirs(card, employee_id)).values(values))


def _redact_log(uow: UnitOfWork, employee_id: UUID) -> int:
    """Payloads and salts go together: the chain holds, and says nothing of the person."""
    return int(uow.session.scalar(text("SELECT audit.redact(:person)"), {"person": employee_id}) or 0)


def _make_pseudonymous(uow: UnitOfWork, employee_id: UUID, fields: tuple[str, ...]) -> int:
    if "first_name" in fields:
        _redact_log(uow, employee_id)  # a last time, while the name is there to be searched for
    if "photo_key" in fields:
        _delete_photo(uow, employee_id)
    pseudonyms = {
        "email": f"erased-{employee_id.hex}@erased.invalid",
        "first_name": in_language(uow.company.language, _CALLED),
        "last_name": f"#{employee_id.hex[:6]}",
    }
    values = {name: pseudonyms.get(name) for name in fields}
    return _count(
        uow,
        update(Employee)
        .where(Employee.id == employee_id)
        .values(**values, active=False, erased_at=func.coalesce(Employee.erased_at, uow.clock.now())),
    )


def _delete_photo(uow: UnitOfWork, employee_id: UUID) -> None:
    key = uow.session.scalar(select(Employee.photo_key).where(Employee.id == employee_id))
    if key is not None:
        photos.delete_files(uow, key)


def _delete_files(uow: UnitOfWork, card: Card, employee_id: UUID) -> None:
    """Before the rows that know them: killed in between, the next try finds the row and deletes again."""
    kept = [
        one.name for one in card.fields.values() if one.export is Export.FILE or one.name == "storage_key"
    ]
    for name in kept:
        keys = select(getattr(card.model, name)).where(_theirs(card, employee_id))
        for key in uow.session.scalars(keys):
            if key is not None:
                uow.outside.files.delete(uow.company.id, UUID(str(key)))


def _theirs(card: Card, employee_id: UUID) -> Any:
    return getattr(card.model, card.person or "id") == employee_id


def _count(uow: UnitOfWork, statement: Any) -> int:
    done: Any = uow.session.execute(statement.execution_options(synchronize_session=False))
    return int(done.rowcount)
