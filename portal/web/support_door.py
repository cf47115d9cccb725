"""Serves a company's page to a member of the staff: under a live permission, as far as it goes, and on record.

Everything is closed unless it is opened here: pages about oneself, pages that ask for a fresh proof, files of any
kind and changes outside the opened areas. The database holds the same door from its own side.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Response, abort, current_app, g, make_response, redirect, request, url_for
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import NotFound

from portal.actors import Actor, RequestFacts, Support
from portal.db import UnitOfWork, UnknownCompany, open_support_session
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.domain.support import grants_of, may_change_with
from portal.services import audit, companies, support_visits
from portal.services.operator_work import Opening, Staff
from portal.web import errands, operator_door, read_only, tenancy
from portal.web.marks import Mark

_LOG = logging.getLogger("portal.support")
_READS = {"GET", "HEAD", "OPTIONS"}
_FIRST_ERROR = 400
#: Pages for everybody who is signed in, because people find their own things there; support needs the permission
#: that shows those of others.
_OF_OTHERS_TOO = {"absences.show": Permission.ABSENCE_VIEW}
#: Opens a sealed value that the permission names: a read, sent as a form so that no link can do it; it is logged twice.
_READS_BY_FORM = {"people.show_phone"}
#: Where exports are put together, though the page itself shows nothing; what costs money; and what is more than the
#: correction of one balance: a company's agreement with one of its people, and a grant to everybody.
_NEVER = {
    "absences.agree",
    "absences.take_back_agreed",
    "data_health.grant_all",
    "people.export_people",
    "settings.approval_texts",
    "settings.change_approval_texts",
}
#: Where the operator answers to the company, and what the company agreed and pays: nothing for the operator's own staff
#: to read or to change there, also where a switch of the installation opens more of it.
_NEVER_OF = {"billing", "incidents", "licence", "processors"}
#: PostgreSQL: this role may not do that, or row security refuses the row.
_NOT_ALLOWED = "42501"
#: Refusals that are about who asks; each stands in the company's log.
_TURNED_AWAY = {
    Reason.NOT_PERMITTED,
    Reason.SUPPORT_NOT_OPEN,
    Reason.SUPPORT_ONLY_LOOKS,
    Reason.SUPPORT_SEALED,
}


def answer(view: Callable[..., Any], mark: Mark, values: dict[str, Any]) -> Response:
    """The page as far as it is open; 404 without permission, 403 for what the permission does not open."""
    staff, opening = _let_in()
    if request.endpoint == "home.index":
        return make_response(redirect(url_for("operator.inside"), code=303))
    with _unit_of_work(staff, opening) as uow:
        g.uow = uow
        read_only.refuse_what_is_erased(uow)
        try:
            shown = _page(uow, view, mark, values)
            uow.commit()
        except Refusal as refusal:
            if refusal.reason in _TURNED_AWAY:
                _record_turning_away(uow, refusal)
            raise
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != _NOT_ALLOWED:
                raise
            refused = Refusal(Reason.SUPPORT_NOT_OPEN)
            _record_turning_away(uow, refused)
            raise refused from None
        return shown


@contextmanager
def portal_unit_of_work(
    staff: Staff, company_id: UUID, *, reason: str = "support visit"
) -> Iterator[UnitOfWork]:
    """To keep the company's record of a visit, or to help it in an incident: as the portal, signed by who it is, and
    never to show anything but numbers.
    """
    company = companies.company_facts(company_id)
    if company is None:
        abort(404)
    with tenancy.unit_of_work_of(company, reason=reason) as uow:
        uow.actor = replace(uow.actor, name=staff.name, email=staff.email)
        yield uow


def _let_in() -> tuple[Staff, Opening]:
    """Who is there, and the permission they came in under; everybody else finds nothing (T113)."""
    slug = tenancy.company_slug() or ""
    with operator_door.operator_work() as work:
        staff = work.staff
        told = staff is not None and support_visits.note_try(work, staff, slug)
        work.session.commit()
    if staff is None:
        abort(404)
    if staff.company_slug != slug:
        _LOG.error("support alarm: a company was asked for without its permission")
        if told:
            _record_as_portal(staff, support_visits.record_alarm)
        abort(404)
    g.staff = staff
    if staff.opening is None:
        if told:
            _record_as_portal(staff, support_visits.record_late_try)
        raise Refusal(Reason.SUPPORT_OVER)
    return staff, staff.opening


def _page(uow: UnitOfWork, view: Callable[..., Any], mark: Mark, values: dict[str, Any]) -> Response:
    opening = uow.actor.support
    reads = request.method in _READS or request.endpoint in _READS_BY_FORM
    assert opening is not None  # noqa: S101  # made in this module
    permission = mark.permission or _OF_OTHERS_TOO.get(request.endpoint or "")
    closed = hasattr(view, "asks_for_proof") or request.endpoint in _NEVER or request.blueprint in _NEVER_OF
    if closed or permission is None or permission not in uow.actor.grants:
        raise Refusal(Reason.SUPPORT_NOT_OPEN)
    if not reads and not opening.writes:
        raise Refusal(Reason.SUPPORT_ONLY_LOOKS)
    if not reads and not may_change_with(permission, opening.areas, writes=opening.writes):
        raise Refusal(Reason.SUPPORT_NOT_OPEN)
    read_only.keep(uow, open_always=False)
    if reads:
        uow.refuse_changes()
    shown = make_response(errands.carry_out(uow, view(uow, **values)))
    if shown.mimetype != "text/html":  # a download: no file and no export ever leaves this way (T115)
        raise Refusal(Reason.SUPPORT_NOT_OPEN)
    if reads:
        person = values.get("employee_id") or values.get("person_id")
        about = str(person) if person else None
        audit.record(uow, audit.Action.SUPPORT_LOOKED, path=_path_within(uow), employee=about)
    elif shown.status_code >= _FIRST_ERROR:
        uow.start_over()
    return shown


def _record_turning_away(uow: UnitOfWork, refusal: Refusal) -> None:
    """The company sees what was tried; when its permission has just ended there is no log left to write to."""
    uow.start_over()
    audit.record(uow, audit.Action.SUPPORT_TURNED_AWAY, path=_path_within(uow), reason=refusal.reason.value)
    try:
        uow.commit()
    except DBAPIError:
        raise Refusal(Reason.SUPPORT_OVER) from None


def _record_as_portal(staff: Staff, record: Callable[..., None]) -> None:
    """As the portal itself: support may write to no log of a company that does not let it in, or not any more."""
    with tenancy.company_unit_of_work() as uow:
        uow.actor = Actor(None, staff.name, staff.email, uow.company.language, uow.company.time_zone)
        record(uow, path=_path_within(uow))
        uow.commit()


def _path_within(uow: UnitOfWork) -> str:
    """The page, without the company's own name in front of it."""
    return request.path.removeprefix(f"/c/{uow.company.slug}/") or "/"


@contextmanager
def _unit_of_work(staff: Staff, opening: Opening) -> Iterator[UnitOfWork]:
    """The company's unit of work as the support role, by a member of the staff with what the permission opens."""
    staffroom = current_app.extensions["staffroom"]
    facts = RequestFacts(request.remote_addr or "", g.request_id)
    try:
        with open_support_session(
            tenancy.company_slug(), grant_id=opening.grant_id, staff_id=staff.id
        ) as session:
            company = session.info["company"]
            nobody = Actor(None, "", "", company.language, company.time_zone)
            uow = UnitOfWork(
                session,
                company,
                nobody,
                staffroom.clock,
                facts,
                staffroom.settings.version,
                staffroom.outside,
            )
            uow.actor = _actor(nobody, staff, opening)
            try:
                yield uow
            finally:
                uow.close()
    except UnknownCompany:
        raise NotFound from None


def _actor(nobody: Actor, staff: Staff, opening: Opening) -> Actor:
    support = Support(
        grant_id=opening.grant_id,
        staff_id=staff.id,
        areas=opening.areas,
        sealed=opening.sealed,
        writes=opening.writes,
        until=opening.until,
    )
    return replace(
        nobody,
        name=staff.name,
        email=staff.email,
        grants=grants_of(opening.areas, opening.sealed, writes=opening.writes),
        support=support,
    )
