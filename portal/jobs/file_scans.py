"""The jobs around the virus scanner: every few minutes the files in quarantine, its health, and the evidence of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Flask
from procrastinate import App

from portal.integrations.antivirus import Health, Unscanned
from portal.integrations.evidence import EvidenceFolder
from portal.jobs.unit_of_work import CompanyGone, company_job, for_every_company
from portal.services import companies, operator_alarms, quarantine, scanning
from portal.services.operator_alarms import Letters

TASK = "scan_files"
_MINUTES = 5
_AWAY, _BLIND, _STUCK = "antivirus-away", "antivirus-blind", "antivirus-stuck"
#: Signatures older than this miss what goes round now.
OLDEST_SIGNATURES = timedelta(days=7)


@dataclass(frozen=True)
class Round:
    """What one round found; an empty `version`: the scanner did not answer."""

    version: str
    finds: bool
    waiting: int
    good: bool


def register(jobs: App, app: Flask) -> None:
    """Adds the tasks and their times; the lock keeps a long run and the next one apart."""

    @jobs.periodic(cron=f"*/{_MINUTES} * * * *")
    @jobs.task(name=TASK, queue="default", lock=TASK, queueing_lock=TASK)
    def scan_files(timestamp: int) -> None:
        with app.app_context():
            if app.extensions["staffroom"].outside.antivirus.on:
                run(app, old_too=datetime.fromtimestamp(timestamp, UTC).minute < _MINUTES)

    @jobs.task(name=scanning.ALARM_TASK, queue="default")
    def tell_of_infected_file(company_id: str) -> None:
        with app.app_context():
            tell_of_infected(app, company_id)


def run(app: Flask, *, old_too: bool) -> Round:
    """Is the scanner well, what waits, and what has become of it; `old_too`: also what has waited for days."""
    health = app.extensions["staffroom"].outside.antivirus.health()
    waiting, unfinished = 0, set[str]()

    def work(company_id: str) -> None:
        nonlocal waiting
        unfinished.add(company_id)
        try:
            if health is not None:
                scan_company(app, company_id, old_too=old_too)
            with company_job(company_id, job=TASK) as uow:
                waiting += quarantine.waiting(uow)
        except CompanyGone:
            pass
        unfinished.discard(company_id)

    for_every_company(work, job=TASK)
    wrong = _write_down(app, health, waiting, len(unfinished))
    if health is None:
        return Round("", finds=False, waiting=waiting, good=False)
    return Round(health.version, health.finds, waiting, good=not wrong)


def scan_company(app: Flask, company_id: str, *, old_too: bool) -> None:
    """Each file in units of work of its own, and no connection held while the scanner looks."""
    scanner = app.extensions["staffroom"].outside.antivirus
    with company_job(company_id, job=TASK) as uow:
        due = quarantine.due(uow, old_too=old_too)
    for held in due:
        with company_job(company_id, job=TASK) as uow:
            content = quarantine.content_of(uow, held)
        if content is None:
            continue
        verdict = scanner.scan(content, patient=True)
        if isinstance(verdict, Unscanned):
            if verdict.this_file:
                continue
            return
        with company_job(company_id, job=TASK) as uow:
            quarantine.settle(uow, held, verdict)


def tell_of_infected(app: Flask, company_id: str) -> None:
    """Once a day for each company, however many files there are; the company's log has each."""
    staffroom = app.extensions["staffroom"]
    company = next((one for one in companies.all_companies() if str(one.id) == company_id), None)
    if company is None:
        return
    now = staffroom.clock.now()
    sentence = (
        f"A harmful file was uploaded in the company {company.slug}. "
        "It was not handed out; the audit log of the company says what it was and who sent it."
    )
    yesterday = now - timedelta(days=1)
    operator_alarms.tell(
        {_of_day(company.slug, now): sentence},
        of=frozenset({_of_day(company.slug, yesterday)}),
        now=now,
        letters=_letters(app),
    )


def _of_day(slug: str, moment: datetime) -> str:
    return f"antivirus-found:{slug}:{moment:%Y-%m-%d}"


def _write_down(app: Flask, health: Health | None, waiting: int, unfinished: int) -> dict[str, str]:
    staffroom = app.extensions["staffroom"]
    now = staffroom.clock.now()
    wrong: dict[str, str] = {}
    signed = health.signatures_of if health is not None else None
    if health is None:
        wrong[_AWAY] = "The antivirus does not answer. New files wait in quarantine until it does."
    elif not health.finds or (signed is not None and now - signed > OLDEST_SIGNATURES):
        wrong[_BLIND] = (
            "The antivirus does not find what it should. It misses the harmless test file, "
            f"or its signatures are older than {OLDEST_SIGNATURES.days} days: {health.version}."
        )
    if unfinished:
        wrong[_STUCK] = (
            f"Files of {unfinished} companies could not be looked through. The log of the worker says why."
        )
    operator_alarms.tell(wrong, of=frozenset({_AWAY, _BLIND, _STUCK}), now=now, letters=_letters(app))
    EvidenceFolder(staffroom.settings.instance / "evidence").write(
        "antivirus",
        at=now,
        version=staffroom.settings.version,
        passed=not wrong,
        waiting=waiting,
        signatures=f"{signed:%Y-%m-%d}" if signed is not None else "none",
        test_file="found" if health is not None and health.finds else "missed",
    )
    return wrong


def _letters(app: Flask) -> Letters:
    staffroom = app.extensions["staffroom"]
    return Letters(staffroom.outside.mail, staffroom.settings.backups.operator_email, staffroom.settings.url)
