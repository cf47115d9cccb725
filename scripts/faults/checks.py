"""Asks the database whether everything that was answered with yes is there, once, and nothing is half done."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import suppress
from uuid import UUID

from procrastinate.exceptions import AlreadyEnqueued
from sqlalchemy import select, text

from portal.db import UnitOfWork
from portal.jobs import stalled
from portal.jobs.runner import job_app
from portal.models import Absence, AbsencePart, AuditEvent, OutboxMessage
from portal.services import audit_log
from scripts.faults.crowd import Deeds
from scripts.faults.processes import Portal
from tests.factories.companies import work

#: Seconds for the worker to hand over what waits.
PATIENCE = 90
_SILENCE = "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '2 minutes'"
_LEFT = (
    "SELECT (SELECT count(*) FROM outbox_message WHERE status = 'queued')"
    " + (SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing') AND task_name = 'send_message')"
)


def calm_down(portal: Portal) -> list[str]:
    """Waits until the worker has done what waits; what a dead one had begun is taken up at once, not in a minute."""
    end, begun = time.monotonic() + PATIENCE, time.monotonic()
    resumed, left = False, 0
    while time.monotonic() < end:
        with work(portal.app.extensions["staffroom"], portal.crowd.company) as uow:
            left = uow.session.scalar(text(_LEFT)) or 0
            if left and not resumed and time.monotonic() - begun > 3:
                uow.session.execute(text(_SILENCE))
                resumed = True
        if not left:
            return []
        portal.revive()
        if resumed:
            with suppress(AlreadyEnqueued), job_app(portal.app).open() as jobs:
                jobs.tasks[stalled.RESUME_TASK].defer(timestamp=int(time.time()))
        time.sleep(0.5)
    return [f"{left} letters or jobs are still waiting after {PATIENCE} seconds"]


def look(portal: Portal, deeds: Deeds) -> list[str]:
    """What is wrong; nothing, when all is well."""
    with work(portal.app.extensions["staffroom"], portal.crowd.company) as uow:
        absences = {row.id: row.status for row in uow.session.scalars(select(Absence))}
        verdict = audit_log.verify(uow)
        wrong = [] if verdict.intact else [f"the audit log is broken at {verdict.broken_at}: {verdict.why}"]
        wrong += [f"{key} was answered with yes and is not there" for key in deeds.asked - absences.keys()]
        wrong += [
            f"{key} was withdrawn with yes and is {absences.get(key)}"
            for key in deeds.withdrawn
            if absences.get(key) != "withdrawn"
        ]
        return wrong + _counted(uow, absences)


def _counted(uow: UnitOfWork, absences: dict[UUID, str]) -> list[str]:
    """One day held or let go, one event of each kind and one letter of each kind for each request, and no more."""
    wrong = []
    parts = Counter(uow.session.scalars(select(AbsencePart.absence_id)))
    live = set(uow.session.scalars(select(AbsencePart.absence_id).where(AbsencePart.live)))
    logged = select(AuditEvent.subject_id, AuditEvent.action)
    events = Counter((row.subject_id, row.action) for row in uow.session.execute(logged))
    for key, status in absences.items():
        withdrawn = status == "withdrawn"
        if parts[key] != 1 or (key in live) is withdrawn:
            wrong.append(f"{key} is {status} and has {parts[key]} days, held: {key in live}")
        if events[key, "absence.requested"] != 1 or events[key, "absence.withdrawn"] != withdrawn:
            wrong.append(f"{key} is {status} and was logged otherwise")
    letters = Counter(uow.session.scalars(select(OutboxMessage.template)))
    expected = {
        "absence_requested": len(absences),
        "absence_withdrawn": sum(one == "withdrawn" for one in absences.values()),
    }
    wrong += [
        f"{count} letters {name} instead of {expected[name]}"
        for name, count in letters.items()
        if name in expected and count != expected[name]
    ]
    tried = uow.session.scalar(
        select(OutboxMessage.attempts).order_by(OutboxMessage.attempts.desc()).limit(1)
    )
    if (tried or 0) > 1:
        wrong.append(f"a letter was handed over {tried} times")
    return wrong
