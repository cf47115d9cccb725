"""What a directory service may say about people and groups, and how far that goes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Generic, TypeVar
from uuid import UUID

from portal.domain.people_import import cells
from portal.domain.people_import.cells import CellError
from portal.domain.people_import.columns import Column
from portal.domain.permissions import BUILT_IN_ROLES, Grants, Permission, Reach, combine
from portal.domain.refusals import Reason, Refusal

Item = TypeVar("Item")

#: Two, so that a new token can be put in place before the old one is revoked.
MOST_TOKENS = 2
#: Requests of one token that are answered within WINDOW.
MOST_REQUESTS = 600
WINDOW = timedelta(minutes=1)
LONGEST_EXTERNAL_ID = 255
LONGEST_GROUP = 200

#: What a token does is done with these rights, whoever made it.
TOKEN_GRANTS: Grants = MappingProxyType({Permission.EMPLOYEE_EDIT: Reach.COMPANY})
#: Whose address a directory may change. Mail leads to a password, so that of HR and admins stays with them.
ORDINARY: Grants = MappingProxyType(
    combine(*(BUILT_IN_ROLES[role] for role in ("employee", "manager", "planner")))
)


@dataclass(frozen=True, slots=True)
class Led:
    """What a directory says about somebody's line manager: this person, or nobody."""

    by: UUID | None


@dataclass(frozen=True, slots=True)
class DirectoryPerson:
    """A person as the directory has them."""

    user_name: str
    first_name: str
    last_name: str
    job_title: str | None = None
    employee_number: str | None = None
    #: None: leave it as it is.
    language: str | None = None
    external_id: str | None = None
    active: bool = True
    #: None: leave it as it is.
    led: Led | None = None


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """An employee as the directory is told of them."""

    id: UUID
    facts: DirectoryPerson
    created_at: datetime
    changed_at: datetime
    #: Id and name of whoever leads them today, when the directory knows that person too.
    manager: tuple[UUID, str] | None = None


@dataclass(frozen=True, slots=True)
class DirectoryGroup:
    """A group as the directory has it."""

    display_name: str
    external_id: str | None = None
    members: frozenset[UUID] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class KnownGroup:
    """A group as the directory is told of it; members by id with their address."""

    id: UUID
    display_name: str
    external_id: str | None
    members: tuple[tuple[UUID, str], ...]
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Slice(Generic[Item]):
    """A part of a list and how long the whole is."""

    items: list[Item]
    total: int
    start: int


def tidied(person: DirectoryPerson) -> DirectoryPerson:
    """The person in the form in which records are kept; refused, with the attribute, when that cannot be."""
    return DirectoryPerson(
        user_name=_email(person.user_name),
        first_name=_text(person.first_name, Column.FIRST_NAME, "name.givenName", needed=True),
        last_name=_text(person.last_name, Column.LAST_NAME, "name.familyName", needed=True),
        job_title=_text(person.job_title, Column.JOB_TITLE, "title") or None,
        employee_number=_text(person.employee_number, Column.EMPLOYEE_NUMBER, "employeeNumber") or None,
        language=person.language,
        external_id=external_id(person.external_id),
        active=person.active,
        led=person.led,
    )


def external_id(value: str | None) -> str | None:
    """The directory's own id; any text, within reason."""
    if value is not None and len(value) > LONGEST_EXTERNAL_ID:
        raise Refusal(Reason.TOO_LONG, field="externalId", limit=LONGEST_EXTERNAL_ID)
    return value or None


def group_name(value: str) -> str:
    """The name of a group on one line."""
    name = " ".join(value.split())
    if not name:
        raise Refusal(Reason.MISSING, field="displayName")
    if len(name) > LONGEST_GROUP:
        raise Refusal(Reason.TOO_LONG, field="displayName", limit=LONGEST_GROUP)
    return name


def split_name(display: str) -> tuple[str, str]:
    """First and last name of a display name, for directories that send nothing else."""
    first, _, last = " ".join(display.split()).rpartition(" ")
    return (first, last) if first else (last, last)


def language(tag: str | None, known: tuple[str, ...]) -> str | None:
    """`cs-CZ` or `cs_CZ` as `cs`; one that the portal does not speak changes nothing."""
    short = (tag or "").replace("_", "-").partition("-")[0].strip().lower()
    return short if short in known else None


def _email(typed: str) -> str:
    try:
        email = cells.email(typed.strip())
    except CellError:
        raise Refusal(Reason.EMAIL_INVALID, field="userName") from None
    return email


def _text(value: str | None, column: Column, attribute: str, *, needed: bool = False) -> str:
    try:
        text = cells.text(value or "", column)
    except CellError:
        raise Refusal(Reason.TEXT_UNUSABLE, field=attribute, attribute=attribute) from None
    if needed and not text:
        raise Refusal(Reason.MISSING, field=attribute)
    return text
