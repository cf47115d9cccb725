"""Photos of people: taken in as two squares, sealed in the file store, shown to whoever may see the directory."""

from __future__ import annotations

from functools import partial
from uuid import UUID, uuid4, uuid5

from sqlalchemy import and_, or_, select, true

from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.integrations.file_types import photo_squares
from portal.integrations.keys import SealBroken
from portal.integrations.storage import FileBroken, FileMissing
from portal.models.employee import Employee
from portal.services import access, audit, directory, queue, scanning, sealing

MOST_BYTES = 10 * 1024 * 1024
CONTENT_TYPE = "image/jpeg"
DELETE_TASK = "delete_photo"
#: In which places the sizes lie: each has a name of its own in the store, made of the photo's.
SIZES = ("large", "small")


def put(uow: UnitOfWork, employee_id: UUID, *, file_name: str, content: bytes) -> None:
    """The person's new photo, by the person or by HR. The old one is deleted after the commit."""
    employee = _changeable(uow, employee_id)
    scanning.need_clean(uow, content, file_name=file_name)
    squares = dict(zip(SIZES, photo_squares(file_name, content, max_bytes=MOST_BYTES), strict=True))
    key = uuid4()
    for size, square in squares.items():
        sealed = sealing.seal(uow, square, row=Employee, column=_column(size), row_id=employee.id)
        place = _place(key, size)
        uow.undo.append(partial(uow.outside.files.delete, uow.company.id, place))
        uow.outside.files.put(uow.company.id, place, sealed)
    _let_go(uow, employee)
    employee.photo_key = key
    audit.record(uow, audit.Action.EMPLOYEE_PHOTO_CHANGED, subject=employee)


def remove(uow: UnitOfWork, employee_id: UUID) -> None:
    """Initials again."""
    employee = _changeable(uow, employee_id)
    if employee.photo_key is None:
        return
    _let_go(uow, employee)
    employee.photo_key = None
    audit.record(uow, audit.Action.EMPLOYEE_PHOTO_REMOVED, subject=employee)


def key_of(uow: UnitOfWork, employee_id: UUID) -> UUID:
    """The name of the photo that is shown now, by which a browser knows whether it has it."""
    in_directory = true() if directory.may_see_who_left(uow) else Employee.active.is_(True)
    key = uow.session.scalar(
        select(Employee.photo_key).where(
            and_(Employee.id == employee_id, in_directory, Employee.photo_key.is_not(None))
        )
    )
    if key is None:
        raise Refusal(Reason.NOT_FOUND)
    return key


def open_photo(uow: UnitOfWork, employee_id: UUID, key: UUID, size: str) -> bytes:
    """The picture, unsealed; a damaged one is as good as none."""
    try:
        sealed: bytes = uow.outside.files.get(uow.company.id, _place(key, size))
        return sealing.open_bytes(uow, sealed, row=Employee, column=_column(size), row_id=employee_id)
    except (FileMissing, FileBroken, SealBroken):
        raise Refusal(Reason.NOT_FOUND) from None


def name_of(uow: UnitOfWork, employee_id: UUID) -> str:
    """Whose initials stand in for a photo that cannot be opened now; `key_of` has asked who may see it."""
    return uow.session.scalars(select(Employee).where(Employee.id == employee_id)).one().name


def delete_files(uow: UnitOfWork, key: UUID) -> None:
    """After the photo was replaced or removed; called by the job."""
    for size in SIZES:
        uow.outside.files.delete(uow.company.id, _place(key, size))


def _changeable(uow: UnitOfWork, employee_id: UUID) -> Employee:
    within = or_(
        Employee.id == uow.actor.employee_id,
        access.employees_within(uow, Permission.EMPLOYEE_EDIT, Employee.id),
    )
    query = select(Employee).where(Employee.id == employee_id, Employee.active, within)
    return access.one_or_refuse(uow, query.with_for_update(key_share=True))


def _let_go(uow: UnitOfWork, employee: Employee) -> None:
    if employee.photo_key is not None:
        queue.defer(uow, DELETE_TASK, key=str(employee.photo_key))


def _place(key: UUID, size: str) -> UUID:
    """The large one lies where its key says, like every file that a row names."""
    return key if size == "large" else uuid5(key, size)


def _column(size: str) -> str:
    return "content" if size == "large" else f"photo_{size}"
