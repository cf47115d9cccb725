"""What becomes of a trip when the provider's answer is in: a session, a linked account, or the report of a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import exists, select

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.domain.sso import Check, CheckName, Heard, Purpose, failed, judge_link
from portal.integrations.sso.id_tokens import Reading
from portal.models.employee import Employee
from portal.models.identity import Identity
from portal.models.identity_provider import IdentityProvider
from portal.services import audit, outbox, written_moments
from portal.services.sign_in import Browser, Opened
from portal.services.sso import entering, oidc, provider_access, providers, transactions, trip_limits
from portal.services.sso.transactions import Trip

#: Answered by a page of their own before anything is judged.
_NO_ANSWER = {
    CheckName.REACHED: Reason.SSO_UNAVAILABLE,
    CheckName.CREDENTIALS: Reason.SSO_UNAVAILABLE,
    CheckName.COMPLETED: Reason.SSO_CANCELLED,
}


@dataclass(frozen=True)
class Ended:
    """How the trip ended. `opened` after a sign-in, `test_id` after a test, neither after a link."""

    purpose: Purpose
    after: str | None = None
    opened: Opened | None = None
    test_id: UUID | None = None


@dataclass(frozen=True)
class Arrival:
    """A trip that came back to us and is used up. `ask` hears the provider out, and needs no database for that."""

    provider_id: UUID
    trip: Trip
    ask: Callable[[], Reading | Heard]


def receive(
    uow: UnitOfWork, provider_id: UUID, answer: Mapping[str, str], *, browser_secret: str | None
) -> Arrival:
    """The answer of an OpenID provider, as it stands in the address. It counts once, whatever becomes of it."""
    trip_limits.check_end(uow)
    provider = provider_access.find_any(uow, provider_id)
    trip = transactions.claim(uow, provider_id, answer.get("state", ""), browser_secret=browser_secret)
    found = oidc.listen(uow, provider, trip, answer)
    return Arrival(provider_id, trip, found.ask if isinstance(found, oidc.Hearing) else lambda: found)


def finish(uow: UnitOfWork, arrival: Arrival, brought: Reading | Heard, *, browser: Browser) -> Ended:
    """What the provider brought is judged by the settings of now: meanwhile an admin may have changed them."""
    provider = provider_access.find_any(uow, arrival.provider_id)
    heard = oidc.judge(uow, provider, brought)
    return conclude(uow, provider, arrival.trip, heard, browser=browser)


def conclude(
    uow: UnitOfWork, provider: IdentityProvider, trip: Trip, heard: Heard, *, browser: Browser
) -> Ended:
    """The end of a trip by any kind of provider, once its answer has been judged."""
    if trip.purpose is Purpose.TEST:
        return _report(uow, provider, trip, heard)
    wrong = failed(heard.checks)
    if wrong is not None and wrong.name in _NO_ANSWER:
        entering.deny(uow, provider, wrong, None)
        raise Refusal(_NO_ANSWER[wrong.name])
    if trip.purpose is Purpose.LINK:
        _link(uow, provider, trip, heard)
        return Ended(trip.purpose)
    # A provider that was switched off while somebody was there opens nothing.
    provider_access.find_open(uow, provider.id)
    return Ended(trip.purpose, trip.after, entering.enter(uow, provider, trip, heard, browser=browser))


def _report(uow: UnitOfWork, provider: IdentityProvider, trip: Trip, heard: Heard) -> Ended:
    """Keeps what a test found. It counts when everything about the answer holds, whoever it speaks of."""
    _refuse_others(uow, trip)
    checks = list(heard.checks)
    way = None
    if heard.asserted is not None:
        verdict, _ = entering.weigh(uow, provider, heard.asserted)
        way = verdict.way.value if verdict.way is not None else None
        providers.note_test(uow, provider)
        asked_again = {one.name for one in verdict.checks}
        checks = [one for one in checks if one.name not in asked_again]
        checks.extend(verdict.checks)
    report = {
        "checks": [{**asdict(one), "name": one.name.value} for one in checks],
        "shown": dict(heard.shown),
        "genuine": heard.asserted is not None,
        "way": way,
        "email": heard.asserted.email if heard.asserted is not None else "",
    }
    transactions.keep_report(uow, trip.id, report)
    audit.record(
        uow,
        audit.Action.SSO_TESTED,
        subject=provider,
        provider=provider.name,
        good=heard.asserted is not None,
    )
    return Ended(Purpose.TEST, test_id=trip.id)


def _link(uow: UnitOfWork, provider: IdentityProvider, trip: Trip, heard: Heard) -> None:
    """Adds the account to the actor's ways in; they are told by mail."""
    _refuse_others(uow, trip)
    asserted = entering.genuine(uow, provider, heard)
    by_this = Identity.provider == str(provider.id)
    person = uow.session.scalars(select(Employee).where(Employee.id == trip.employee_id)).one()
    checks = judge_link(
        asserted,
        known=_exists(uow, exists().where(by_this, Identity.subject == asserted.subject)),
        has_one=_exists(uow, exists().where(by_this, Identity.employee_id == person.id)),
        active=person.active,
    )
    wrong = failed(checks)
    if wrong is not None:
        entering.deny(uow, provider, wrong, asserted)
        raise Refusal(Reason.SSO_LINK_NOT_POSSIBLE)
    entering.add_identity(uow, provider, asserted, person)
    outbox.queue_mail(
        uow,
        person,
        "sign_in_linked",
        provider=provider.name,
        linked_at=written_moments.for_letter(uow, person, uow.clock.now()),
        link=f"{uow.outside.url}/c/{uow.company.slug}/sign-in-methods",
    )


def _refuse_others(uow: UnitOfWork, trip: Trip) -> None:
    """Tests and links belong to who began them: another person signed in meanwhile gets nothing of it."""
    if trip.employee_id is None or trip.employee_id != uow.actor.employee_id:
        raise Refusal(Reason.SSO_TRIP_OVER)


def _exists(uow: UnitOfWork, condition: exists) -> bool:  # type: ignore[valid-type]
    return bool(uow.session.scalar(select(condition)))


def read_report(uow: UnitOfWork, provider_id: UUID, test_id: UUID) -> tuple[list[Check], dict[str, object]]:
    """The checks of the actor's own test, and the rest of its report."""
    report = transactions.report_of(uow, test_id, provider_id)
    checks = [
        Check(CheckName(one["name"]), one["passed"], one["seen"], one["wanted"]) for one in report["checks"]
    ]
    return checks, report
