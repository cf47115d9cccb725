"""Licence files of companies that run their own portal: issued, installed, and looked at anew every hour.

What a file gives is written into the company's licence, so that everything else knows dates alone. A file that does not
count any more begins the same ladder as a missing payment; it never closes or erases a company.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select

from portal.db import UnitOfWork
from portal.domain.licence_files import (
    RENEW_DAYS,
    Place,
    Terms,
    Verdict,
    counts_until,
    is_failing,
    judge,
    latest,
)
from portal.domain.licences import LicenceKind
from portal.domain.refusals import Reason, Refusal
from portal.integrations import licence_documents
from portal.integrations.licence_documents import LicenceFileRefused
from portal.integrations.signatures import Signer, key_id
from portal.models.licence_file import LicenceFile
from portal.services import audit, licences
from portal.services.outside import Outside

#: Why a file does not count; a valid one needs no sentence.
REASONS = {
    Verdict.UNREADABLE: Reason.LICENCE_FILE_UNREADABLE,
    Verdict.UNKNOWN_ISSUER: Reason.LICENCE_FILE_ISSUER_UNKNOWN,
    Verdict.FORGED: Reason.LICENCE_FILE_FORGED,
    Verdict.OTHER_DEPLOYMENT: Reason.LICENCE_FILE_OTHER_PORTAL,
    Verdict.OTHER_COMPANY: Reason.LICENCE_FILE_OTHER_COMPANY,
    Verdict.CLOCK_BACK: Reason.LICENCE_FILE_CLOCK_BACK,
    Verdict.NOT_YET: Reason.LICENCE_FILE_NOT_YET,
    Verdict.ENDED: Reason.LICENCE_FILE_ENDED,
}


@dataclass(frozen=True)
class Installed:
    """The file in force, judged now. `problem` None: it counts."""

    number: UUID
    plan: str
    persons: int
    valid_from: date
    valid_until: date
    issued_at: datetime
    installed_at: datetime
    verdict: Verdict
    problem: Refusal | None
    #: Its end is near.
    renew: bool


@dataclass(frozen=True)
class FileStanding:
    """What the page of the licence and the command say about licence files."""

    #: What the issuer has to write into the file.
    deployment: str
    installed: Installed | None


def takes_files(outside: Outside) -> bool:
    """Does this portal know an issuer whose files count?"""
    return bool(outside.licence_keys)


def deployment_id(outside: Outside) -> str:
    """The name of this portal, as a licence file carries it."""
    return key_id(Signer.of(outside.master_keys).public)


def issue(outside: Outside, terms: Terms) -> str:
    """The text of a licence file, signed by this portal's own key; the issuer's side."""
    try:
        return licence_documents.write(terms, Signer.of(outside.master_keys))
    except LicenceFileRefused:
        raise Refusal(Reason.LICENCE_FILE_UNREADABLE) from None


def standing(uow: UnitOfWork) -> FileStanding:
    """The file in force is read and judged each time; nothing that was found before is believed."""
    row = in_force(uow)
    if row is None:
        return FileStanding(deployment_id(uow.outside), None)
    verdict, terms = _judge(uow, row.content)
    return FileStanding(
        deployment_id(uow.outside),
        Installed(
            row.number,
            row.plan,
            row.persons,
            row.valid_from,
            row.valid_until,
            row.issued_at,
            row.installed_at,
            verdict,
            _problem(uow, verdict, terms),
            (row.valid_until - uow.today()).days <= RENEW_DAYS,
        ),
    )


def in_force(uow: UnitOfWork) -> LicenceFile | None:
    """The file that was installed last, if the company's licence is one by file."""
    if uow.company.licence.kind is not LicenceKind.FILE:
        return None
    query = select(LicenceFile).where(LicenceFile.replaced_at.is_(None))
    return uow.session.scalars(query.order_by(LicenceFile.installed_at.desc()).limit(1)).one_or_none()


def install(uow: UnitOfWork, text: str) -> LicenceFile:
    """Takes a file in that counts here and today; of every other one says what is wrong with it."""
    if not takes_files(uow.outside):
        raise Refusal(Reason.LICENCE_FILE_ISSUER_UNKNOWN, field="file")
    licences.locked_row(uow)
    verdict, terms = _judge(uow, text)
    problem = _problem(uow, verdict, terms)
    if problem is not None or terms is None:
        raise problem or Refusal(Reason.LICENCE_FILE_UNREADABLE, field="file")
    _refuse_older(uow, terms)
    _take_away_old(uow)
    row = _row(uow, text, terms)
    uow.session.add(row)
    audit.record(uow, audit.Action.LICENCE_FILE_INSTALLED, subject=row)
    licences.set_terms(uow, LicenceKind.FILE, terms.valid_until)
    return row


def take_away(uow: UnitOfWork) -> None:
    """The company's licence is no longer one by file, and has no end; the operator alone does this."""
    row = in_force(uow)
    if row is None:
        raise Refusal(Reason.CHANGED_MEANWHILE)
    licences.locked_row(uow)
    _take_away_old(uow)
    audit.record(uow, audit.Action.LICENCE_FILE_REMOVED, subject=row)
    licences.set_terms(uow, LicenceKind.UNLIMITED, None)


def look_again(uow: UnitOfWork) -> Verdict | None:
    """Reads and judges the file in force anew, and brings the licence to what it says; None where there is none."""
    row = in_force(uow)
    if row is None:
        return None
    licences.locked_row(uow)
    verdict, terms = _judge(uow, row.content)
    if verdict is not Verdict.CLOCK_BACK:
        row.seen_at = latest(uow.clock.now(), row.seen_at)
    failing = is_failing(verdict)
    since = (row.failing_since or uow.today()) if failing else None
    if (verdict, since) != (row.verdict, row.failing_since):
        row.verdict, row.failing_since = verdict, since
        audit.record(uow, audit.Action.LICENCE_FILE_CHECKED, subject=row)
    licences.set_terms(
        uow, LicenceKind.FILE, counts_until(verdict, terms.valid_until if terms is not None else None, since)
    )
    return verdict


def _judge(uow: UnitOfWork, text: str) -> tuple[Verdict, Terms | None]:
    outside = uow.outside
    try:
        terms = licence_documents.read(text, outside.licence_keys)
    except LicenceFileRefused as refused:
        return refused.verdict, None
    known_as = frozenset(key_id(key) for key in Signer.of(outside.master_keys).own)
    place = Place(uow.company.slug, known_as, uow.today(), uow.clock.now())
    # The same file put in again does not make the portal forget how late it was already.
    seen_at = select(func.max(LicenceFile.seen_at)).where(LicenceFile.number == terms.number)
    return judge(terms, place, seen_at=uow.session.scalar(seen_at)), terms


def _problem(uow: UnitOfWork, verdict: Verdict, terms: Terms | None) -> Refusal | None:
    if verdict is Verdict.VALID:
        return None
    if terms is None:
        return Refusal(REASONS[verdict], field="file")
    return Refusal(
        REASONS[verdict],
        field="file",
        company=terms.company,
        deployment=terms.deployment,
        here=deployment_id(uow.outside),
        first=terms.valid_from,
        last=terms.valid_until,
        now=uow.clock.now(),
    )


def _refuse_older(uow: UnitOfWork, terms: Terms) -> None:
    """What the issuer said last counts: a file for more people that another one replaced does not come back."""
    newest = uow.session.scalar(select(func.max(LicenceFile.issued_at)))
    if newest is not None and terms.issued_at < newest:
        raise Refusal(Reason.LICENCE_FILE_OLDER, field="file")


def _take_away_old(uow: UnitOfWork) -> None:
    for row in uow.session.scalars(select(LicenceFile).where(LicenceFile.replaced_at.is_(None))):
        row.replaced_at = uow.clock.now()


def _row(uow: UnitOfWork, text: str, terms: Terms) -> LicenceFile:
    now = uow.clock.now()
    return LicenceFile(
        id=uuid4(),
        number=terms.number,
        content=text,
        plan=terms.plan,
        persons=terms.persons,
        valid_from=terms.valid_from,
        valid_until=terms.valid_until,
        issued_at=terms.issued_at,
        installed_at=now,
        installed_by_id=uow.actor.employee_id,
        verdict=Verdict.VALID,
        seen_at=latest(now, terms.issued_at),
    )
