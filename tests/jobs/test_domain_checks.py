"""The nightly look at domains: warned, then lost, then found again; by a real worker and a real name server."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from portal.app import create_app
from portal.db import db
from portal.domain.clock import FrozenClock
from portal.domain.email_domains import GRACE, RECHECK_AFTER, DomainStatus, record_name, record_value
from portal.integrations.dns import DnsLookup
from portal.jobs import domain_checks as job
from portal.jobs.runner import job_app
from portal.models import DomainClaim
from portal.services import companies, domain_checks, domains
from tests.factories.companies import work
from tests.fixtures.cast import make_cast
from tests.fixtures.letters import latest, subjects
from tests.fixtures.name_server import name_server
from tests.fixtures.portal import NOW, make_settings

DAY = timedelta(days=1)


@pytest.fixture
def night(fresh_database, tmp_path):
    """The portal with its worker, clock and name server; Acme and Beta have a proven domain each."""
    clock = FrozenClock(NOW)
    with name_server() as zone:
        app = create_app(make_settings(fresh_database, tmp_path), clock=clock)
        staffroom = app.extensions["staffroom"]
        object.__setattr__(staffroom.outside, "dns", DnsLookup(["127.0.0.1"], port=zone.port, patience=1))
        with app.app_context():
            cast = make_cast(staffroom)
            for member in (cast.ana, cast.zoe):
                prove(staffroom, member, f"{member.company.slug}.example", zone)
            yield app, cast, zone, clock
            db.engine.dispose()


def prove(staffroom, member, domain, zone):
    with work(staffroom, member.company, member.actor) as uow:
        claim_id = domains.claim(uow, domain)
        claim = uow.session.get(DomainClaim, (member.company.id, claim_id))
        zone.txt(record_name(domain), record_value(claim.token))
        domain_checks.check(uow, claim_id, domain_checks.prepare(uow, claim_id).ask())


def run_night(app):
    jobs = job_app(app)
    with jobs.open():
        jobs.configure_task(job.TASK).defer(timestamp=0)
    job_app(app).run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def claim_of(app, company):
    with work(app.extensions["staffroom"], company) as uow:
        return uow.session.scalars(select(DomainClaim)).one()


def letters_to(app, member):
    with work(app.extensions["staffroom"], member.company) as uow:
        return subjects(uow, member.email)


def test_nothing_is_asked_before_the_month_is_over(night):
    app, _, zone, clock = night
    zone.asked.clear()
    clock.move_to(NOW + RECHECK_AFTER - DAY)
    run_night(app)
    assert zone.asked == []
    clock.move_to(NOW + RECHECK_AFTER)
    run_night(app)
    assert sorted(set(zone.asked)) == [
        "_staffroom-challenge.acme.example",
        "_staffroom-challenge.beta.example",
    ]


def test_a_record_that_is_there_stays_verified_for_another_month(night):
    app, cast, _, clock = night
    clock.move_to(NOW + RECHECK_AFTER)
    run_night(app)
    assert claim_of(app, cast.acme).last_found_at == NOW + RECHECK_AFTER
    assert letters_to(app, cast.ana) == []


def test_admins_are_warned_once_and_the_domain_is_lost_after_the_grace(night):
    app, cast, zone, clock = night
    zone.records.pop((record_name("acme.example"), "TXT"))
    missed = NOW + RECHECK_AFTER
    for moment in (missed, missed + DAY, missed + GRACE - DAY):
        clock.move_to(moment)
        run_night(app)
        assert companies.find_slug("x@acme.example") == "acme"
    assert letters_to(app, cast.ana) == ["The record of acme.example is missing"]
    assert letters_to(app, cast.eve) == []
    clock.move_to(missed + GRACE)
    run_night(app)
    assert companies.find_slug("x@acme.example") is None
    assert claim_of(app, cast.acme).status is DomainStatus.LOST
    assert letters_to(app, cast.ana)[1:] == ["acme.example no longer counts as yours"]
    assert companies.find_slug("x@beta.example") == "beta"
    assert letters_to(app, cast.zoe) == []


def test_the_warning_says_until_when_and_what_to_publish(night):
    app, cast, zone, clock = night
    token = claim_of(app, cast.acme).token
    zone.records.clear()
    clock.move_to(NOW + RECHECK_AFTER)
    run_night(app)
    with work(app.extensions["staffroom"], cast.acme) as uow:
        letter = latest(uow, cast.ana.email).text
    assert "29 July 2026" in letter
    assert "_staffroom-challenge.acme.example" in letter
    assert token in letter
    assert "/c/acme/settings/domains" in letter


def test_a_record_that_comes_back_in_time_ends_the_warning(night):
    app, cast, zone, clock = night
    kept = dict(zone.records)
    zone.records.clear()
    clock.move_to(NOW + RECHECK_AFTER)
    run_night(app)
    zone.records.update(kept)
    clock.move_to(NOW + RECHECK_AFTER + DAY)
    run_night(app)
    claim = claim_of(app, cast.acme)
    assert (claim.status, claim.missing_since) == (DomainStatus.VERIFIED, None)
    clock.move_to(NOW + RECHECK_AFTER + GRACE + DAY)
    run_night(app)
    assert companies.find_slug("x@acme.example") == "acme"


def test_silence_of_the_network_costs_nobody_their_domain(night):
    app, cast, zone, clock = night
    zone.rcode = 2
    clock.move_to(NOW + RECHECK_AFTER)
    run_night(app)
    clock.move_to(NOW + RECHECK_AFTER + GRACE + DAY)
    run_night(app)
    assert claim_of(app, cast.acme).status is DomainStatus.VERIFIED
    assert letters_to(app, cast.ana) == []


def test_it_is_on_record_who_looked(night):
    app, cast, zone, clock = night
    zone.records.clear()
    clock.move_to(NOW + RECHECK_AFTER)
    run_night(app)
    with work(app.extensions["staffroom"], cast.acme) as uow:
        row = uow.session.execute(
            text("SELECT action, payload FROM audit.event ORDER BY seq DESC LIMIT 1")
        ).one()
    assert row.action == "domain.missing"
    assert '"name": "Staffroom"' in row.payload


def test_the_job_is_queued_every_night(night):
    app, *_ = night
    found = job_app(app).periodic_registry.periodic_tasks.values()
    assert (job.TASK, "17 3 * * *") in {(one.task.name, one.cron) for one in found}
