"""The operator's own staff: taken in by whoever has the machine, set up by themselves, and let go.

Nobody becomes a member of the staff through a page.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select, update

from portal.domain import authenticator_codes as rules
from portal.domain import operator as limits
from portal.domain import passwords
from portal.domain.refusals import Reason, Refusal
from portal.integrations import authenticator_codes
from portal.integrations.authenticator_codes import Picture
from portal.integrations.keys.staff import open_app_secret, seal_app_secret
from portal.integrations.passwords import is_breached
from portal.models.operator import OperatorEvent, OperatorSession, OperatorStaff
from portal.services import operator_passkeys
from portal.services.operator_work import OperatorWork
from portal.services.sessions import hash_token


@dataclass(frozen=True)
class SetUp:
    """What the page of the set-up link shows: whose it is, and the picture for their app."""

    name: str
    email: str
    picture: Picture
    secret: str


@dataclass(frozen=True)
class StaffLine:
    """A member of the staff in the list of the command."""

    email: str
    name: str
    active: bool
    set_up: bool


@dataclass(frozen=True)
class EventLine:
    """A line of the operator's record."""

    at: datetime
    action: str
    email: str
    ip: str
    company: str


def add(work: OperatorWork, *, email: str, name: str) -> str:
    """Takes somebody in and answers the token of their set-up link."""
    email = email.strip().lower()
    if "@" not in email:
        raise Refusal(Reason.EMAIL_INVALID, field="email")
    if _find(work, email) is not None:
        raise Refusal(Reason.EMAIL_TAKEN, field="email")
    staff = OperatorStaff(id=uuid4(), email=email, name=name.strip(), app_sealed=b"")
    work.session.add(staff)
    work.note("added", email)
    return _new_link(work, staff)


def reset(work: OperatorWork, email: str) -> str:
    """Password, app and passkeys are worth nothing from now on; a new set-up link instead."""
    staff = _get(work, email)
    staff.password_hash, staff.active = None, True
    operator_passkeys.take_away(work, staff.id)
    _end_sessions(work, staff)
    work.note("reset", staff.email)
    return _new_link(work, staff)


def remove(work: OperatorWork, email: str) -> None:
    """No way in any more, at once: sessions end, and the database shows no company to them."""
    staff = _get(work, email)
    staff.active, staff.password_hash, staff.set_up_hash = False, None, None
    operator_passkeys.take_away(work, staff.id)
    _end_sessions(work, staff)
    work.note("removed", staff.email)


def list_staff(work: OperatorWork) -> list[StaffLine]:
    rows = work.session.scalars(select(OperatorStaff).order_by(OperatorStaff.email))
    return [StaffLine(one.email, one.name, one.active, one.password_hash is not None) for one in rows]


def list_events(work: OperatorWork, limit: int) -> list[EventLine]:
    """The newest first."""
    rows = work.session.scalars(select(OperatorEvent).order_by(OperatorEvent.at.desc()).limit(limit))
    return [EventLine(one.at, one.action, one.email, one.ip, one.company) for one in rows]


def find_set_up(work: OperatorWork, token: str) -> SetUp | None:
    """What a live set-up link is for."""
    staff = _by_link(work, token)
    if staff is None:
        return None
    secret = open_app_secret(work.outside.master_keys, staff.id, staff.app_sealed)
    address = authenticator_codes.address(secret, email=staff.email, company="Support")
    return SetUp(
        staff.name, staff.email, authenticator_codes.picture(address), authenticator_codes.spelled(secret)
    )


def finish_set_up(work: OperatorWork, token: str, *, password: str, code: str) -> None:
    """A password, and the first code of the app; the link is worth nothing afterwards."""
    staff = _by_link(work, token)
    if staff is None:
        raise Refusal(Reason.NOT_FOUND)
    accepted = passwords.accept(password, sole_factor=True, context=(staff.email, staff.name, "staffroom"))
    if is_breached(accepted):
        raise Refusal(Reason.PASSWORD_BREACHED, field="password")
    step = step_of(work, staff, code)
    if step is None:
        raise Refusal(Reason.APP_CODE_WRONG, field="code")
    staff.password_hash, staff.last_step = work.outside.passwords.hash(accepted), step
    staff.set_up_hash, staff.set_up_until, staff.failures, staff.locked_until = None, None, 0, None
    work.note("set up", staff.email)


def step_of(work: OperatorWork, staff: OperatorStaff, typed: str) -> int | None:
    """The step of time whose code was typed; each opens once."""
    secret = open_app_secret(work.outside.master_keys, staff.id, staff.app_sealed)
    return rules.matching_step(
        work.clock.now(),
        fits=lambda step: authenticator_codes.fits(secret, step, typed),
        after=staff.last_step,
    )


def _new_link(work: OperatorWork, staff: OperatorStaff) -> str:
    token = secrets.token_urlsafe(32)
    staff.app_sealed = seal_app_secret(work.outside.master_keys, staff.id, authenticator_codes.new_secret())
    staff.last_step = None
    staff.set_up_hash, staff.set_up_until = hash_token(token), work.clock.now() + limits.SET_UP
    return token


def _by_link(work: OperatorWork, token: str) -> OperatorStaff | None:
    return work.session.scalars(
        select(OperatorStaff)
        .where(
            OperatorStaff.set_up_hash == hash_token(token),
            OperatorStaff.set_up_until > work.clock.now(),
            OperatorStaff.active,
        )
        .with_for_update()
    ).one_or_none()


def _find(work: OperatorWork, email: str) -> OperatorStaff | None:
    query = select(OperatorStaff).where(OperatorStaff.email == email.strip().lower())
    return work.session.scalars(query.with_for_update()).one_or_none()


def _get(work: OperatorWork, email: str) -> OperatorStaff:
    found = _find(work, email)
    if found is None:
        raise Refusal(Reason.PERSON_UNKNOWN, field="email")
    return found


def _end_sessions(work: OperatorWork, staff: OperatorStaff) -> None:
    work.session.execute(
        update(OperatorSession)
        .where(OperatorSession.staff_id == staff.id, OperatorSession.revoked_at.is_(None))
        .values(revoked_at=work.clock.now())
    )
