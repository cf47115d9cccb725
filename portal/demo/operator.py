"""What the operator of the demonstration has on record: processors, one incident that is over, one that is not."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from portal.db import SUPPORT, db, open_support_session
from portal.demo.companies import ACME, DemoCompany
from portal.demo.story import Story
from portal.domain.clock import Clock, FrozenClock
from portal.domain.incidents import Criteria, ProcessorAnswerKind, Severity
from portal.models import Incident, Processor
from portal.services import company_incidents, incident_search, incidents, processor_notices, processors
from portal.services.operator_work import OperatorWork, Staff
from portal.services.outside import Outside

_SAM = Staff(UUID(int=1), UUID(int=1), "Sam Fiala", "sam@operator.example", "", None)
_KEPT, _TRIED = (
    "Import files stayed on a disk for longer than promised",
    "Many sign-in attempts from one network",
)
#: Days since the incident that is over was noticed, and since companies were told.
_NOTICED, _TOLD = 21, 20
_PROCESSORS = (
    (
        "Hosting Vltava",
        "Runs the servers",
        "Everything, sealed where the portal seals",
        "Prague, Czechia",
        420,
    ),
    ("Depot West", "Keeps the second copy of the backups", "Backups, encrypted", "Frankfurt, Germany", 420),
    (
        "Post Danube",
        "Delivers letters",
        "Names, e-mail addresses, what a letter says",
        "Vienna, Austria",
        300,
    ),
    ("Signal Moravia", "Delivers codes by SMS", "Mobile numbers, codes", "Brno, Czechia", 300),
)
_PLANNED = (
    "Post Elbe",
    "Delivers letters when Post Danube cannot",
    "Names, e-mail addresses, what a letter says",
    "Dresden, Germany",
    -45,
)
_REPORT = """What happened, and when:
Files from which people were imported stayed in a temporary folder instead of being deleted after an hour,
because a clean-up job did not run. The oldest was more than a year old.

Which data, and of whom:
What stood in the files: names, e-mail addresses, teams and contracts of the people imported.

What it may lead to:
Nobody but two of our staff could reach the folder, and its log shows no visit. We see no harm for anybody.

What we have done:
Deleted the files, mended the job, and let an alarm watch the folder.

What we ask you to do:
Nothing. Read this and confirm that you have.

Whom you can ask:
Sam Fiala, sam@operator.example"""


def prepare(clock: Clock, outside: Outside) -> Incident | None:
    """The operator's own side, once and whole; None where nobody of the staff could look at it."""
    if SUPPORT not in db.engines:
        return None
    with open_support_session() as session:
        work = OperatorWork(session, clock, "", outside)
        found = session.scalars(select(Incident).where(Incident.title == _KEPT)).one_or_none()
        if found is None:
            now = clock.now()
            _register(work, now)
            found = incidents.find(work, _over(work, now))
            _open(work, now)
            session.commit()
        session.expunge(found)
        return found


def tell(story: Story, demo: DemoCompany, incident: Incident | None) -> None:
    """What Acme heard of it: found by the search of its log, told, read by its admin; and a word to a processor."""
    if incident is None or demo is not ACME:
        return
    uow = story.as_operator(days_ago=_TOLD)
    # The log of a demonstration is written while it is loaded, whatever day the story tells of.
    since, until = story.now - timedelta(days=_NOTICED), story.now + timedelta(minutes=5)
    incident_search.examine(uow, incident, Criteria(since, until, actions=("people.imported",)))
    uow.session.flush()
    company_incidents.tell(uow, incident)
    uow.session.flush()
    uow = story.as_(story.person(demo.players[0].email), days_ago=_TOLD - 1)
    for one in company_incidents.list_told(uow):
        company_incidents.acknowledge(uow, one.id)
    known = {one.name: one for one in uow.session.scalars(select(Processor))}
    processors.answer(uow, known[_PROCESSORS[2][0]], ProcessorAnswerKind.AGREED, "")
    processor_notices.tell_of(story.as_operator(days_ago=10), known[_PLANNED[0]])


def _register(work: OperatorWork, now: datetime) -> None:
    for name, purpose, data, place, days_ago in (*_PROCESSORS, _PLANNED):
        _at(work, now - timedelta(days=max(days_ago + 45, 10)))
        since: date = (now - timedelta(days=days_ago)).date()
        contract = f"Agreement of {since.year} (GDPR, article 28)"
        entered = processors.add(
            work, _SAM, processors.Described(name, purpose, data, place, contract, since)
        )
        entered.told_at = entered.announced_at


def _over(work: OperatorWork, now: datetime) -> UUID:
    """Noticed, told and closed within two days."""
    noticed = now - timedelta(days=_NOTICED)
    _at(work, noticed + timedelta(minutes=20))
    incident_id = incidents.open_incident(
        work,
        _SAM,
        title=_KEPT,
        severity=Severity.LOW,
        noticed_at=noticed,
        what="The weekly look at the disks found files of imports that should be gone since long.",
    )
    for hours, text in (
        (1, "The clean-up job was never switched on. Files deleted, job mended."),
        (3, "The folder's log shows no visit by anybody."),
    ):
        _at(work, noticed + timedelta(hours=hours))
        incidents.write_entry(work, _SAM, incident_id, text)
    _at(work, noticed + timedelta(hours=5))
    incidents.write_report(work, _SAM, incident_id, severity=Severity.LOW, report=_REPORT)
    _at(work, noticed + timedelta(days=2))
    work.session.flush()
    incidents.close(work, _SAM, incident_id)
    return incident_id


def _open(work: OperatorWork, now: datetime) -> None:
    """Still being looked into: the clock runs."""
    noticed = now - timedelta(hours=14)
    _at(work, noticed + timedelta(minutes=10))
    incident_id = incidents.open_incident(
        work,
        _SAM,
        title=_TRIED,
        severity=Severity.MEDIUM,
        noticed_at=noticed,
        what="The alarm of the throttles: 4,000 tries with addresses that do not exist, all from one network.",
    )
    for minutes, text in (
        (35, "Every try was turned away by the throttles; no session was opened from that network."),
        (90, "The hosting company blocks the network for 24 hours."),
        (600, "No further tries during the night. Search of the logs by address comes next."),
    ):
        _at(work, noticed + timedelta(minutes=minutes))
        incidents.write_entry(work, _SAM, incident_id, text)


def _at(work: OperatorWork, moment: datetime) -> None:
    """The work goes on at that moment."""
    work.clock = FrozenClock(moment)
