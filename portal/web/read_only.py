"""Keeps a company whose licence is over from being changed, in one place: every request passes here.

What stays open is what nobody may be kept from: signing in and out, one's own security, taking the data along, asking
for one's own data, paying.
"""

from __future__ import annotations

from flask import request

from portal.db import UnitOfWork
from portal.domain.licences import may_change
from portal.domain.refusals import Reason, Refusal

_READS = {"GET", "HEAD", "OPTIONS"}
#: Features that write nothing but who is in and how they prove it, or that lead out. Others mark single views:
#: guards.also_when_over.
ALWAYS_OPEN = {
    "sign_in",
    "sso",
    "sessions",
    "preferences",
    "licence",
    "archives",
    "billing",
    "privacy",
    "outbox",
}
#: Of these what destroys: shut while the operator holds the company, whose admin's session may be the stolen one.
SHUT_WHEN_HELD = {"privacy.approve", "privacy.lift_hold", "licence.ask_to_close", "licence.confirm_closing"}


def refuse_what_is_erased(uow: UnitOfWork) -> None:
    """Of a company that is being erased not even a page is shown: half of it may be gone."""
    if uow.company.licence.erasing:
        raise Refusal(Reason.COMPANY_ERASED)


def keep(uow: UnitOfWork, *, open_always: bool) -> None:
    """Refuses a change when the licence is over, and while the operator holds the company to stop an incident."""
    if request.method in _READS:
        return
    if uow.company.read_only and request.endpoint in SHUT_WHEN_HELD:
        raise Refusal(Reason.COMPANY_HELD)
    if open_always or request.blueprint in ALWAYS_OPEN:
        return
    if uow.company.read_only:
        raise Refusal(Reason.COMPANY_HELD)
    if not may_change(uow.company.licence, uow.today()):
        raise Refusal(Reason.COMPANY_READ_ONLY)
