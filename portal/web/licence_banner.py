"""What every page says while the licence is about to end or over: to admins in time, to everybody once it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Flask, g

from portal.db import UnitOfWork
from portal.domain.licences import (
    Licence,
    LicenceKind,
    LicenceState,
    erase_on,
    last_day,
    may_change,
    state_of,
    takes_newcomers,
)
from portal.domain.permissions import Permission
from portal.services import access

#: From so many days before the end on, admins see it on every page.
_SHOWN_DAYS = 14


@dataclass(frozen=True)
class Banner:
    """Which sentence, about which day. `admin`: whether the reader can do something about it."""

    kind: str
    on: date | None
    admin: bool


def init_app(app: Flask) -> None:
    app.jinja_env.globals["licence_banner"] = licence_banner


def licence_banner() -> Banner | None:
    """Template global: the banner of this page, or none."""
    uow = g.get("uow")
    if uow is None:
        return None
    if uow.company.read_only:
        return Banner("held", None, access.can(uow, Permission.COMPANY_EDIT))
    return _of_licence(uow)


def _of_licence(uow: UnitOfWork) -> Banner | None:
    licence, today = uow.company.licence, uow.today()
    if licence.kind is LicenceKind.FILE and may_change(licence, today):
        return _of_file(uow, licence)
    admin, state, last = access.can(uow, Permission.COMPANY_EDIT), state_of(licence, today), last_day(licence)
    if state is LicenceState.CLOSING:
        return Banner("closing", erase_on(licence), admin)
    if state is LicenceState.EXPIRED:
        return Banner("expired", last, admin)
    if not admin or last is None or (last - today).days > _SHOWN_DAYS:
        return None
    if licence.overdue_since is not None:
        return Banner("overdue" if takes_newcomers(licence, today) else "no-newcomers", last, admin)
    return Banner("ends", last, admin)


def _of_file(uow: UnitOfWork, licence: Licence) -> Banner | None:
    """To admins alone, while everybody can still work."""
    ends, today = licence.ends_on, uow.today()
    if ends is None or (ends - today).days > _SHOWN_DAYS or not access.can(uow, Permission.COMPANY_EDIT):
        return None
    if today <= ends:
        return Banner("file-ends", ends, admin=True)
    kind = "file-over" if takes_newcomers(licence, today) else "file-no-newcomers"
    return Banner(kind, last_day(licence), admin=True)
