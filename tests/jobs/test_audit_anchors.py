"""Every hour the end of each log is anchored; every morning a letter says where it was."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from portal.domain.audit_actions import Action
from portal.integrations.anchors import FolderAnchors
from portal.integrations.evidence import EvidenceFolder
from portal.jobs import audit_anchors as jobs
from portal.services import audit, audit_anchors, audit_log
from tests.fixtures.letters import latest


def anchors(staffroom, company):
    store = staffroom.outside.anchors
    return [json.loads(store.get(company.id, seq)) for seq in store.numbers(company.id)]


@pytest.fixture(autouse=True)
def own_folder(staffroom, tmp_path, monkeypatch):
    """What a test anchors is rolled back in the database, so it must not stay in a folder that others look into."""
    before = staffroom.outside.anchors
    object.__setattr__(staffroom.outside, "anchors", FolderAnchors(tmp_path))
    yield
    object.__setattr__(staffroom.outside, "anchors", before)


@pytest.fixture
def hour(app):
    """Runs the job of the hour."""

    def run():
        with app.app_context():
            jobs.anchor_all()

    return run


def test_every_company_gets_its_own(staffroom, cast, as_, hour):
    hour()
    for company, member in ((cast.acme, cast.ana), (cast.beta, cast.zoe)):
        newest = anchors(staffroom, company)[-1]
        with as_(member) as uow:
            verdict = audit_log.verify(uow, audit_anchors.by_number(uow))
        assert verdict.intact
        assert newest["company"] == str(company.id)
        assert (newest["format"], newest["version"]) == ("staffroom-audit-anchor", 1)
        assert newest["hash"] and newest["seq"] <= verdict.checked


def test_a_quiet_hour_writes_nothing_and_a_busy_one_one_more(staffroom, cast, as_, hour):
    hour()
    count = len(anchors(staffroom, cast.acme))
    hour()
    assert len(anchors(staffroom, cast.acme)) == count
    with as_(cast.ana) as uow:
        audit.record(uow, Action.EMPLOYEE_CHANGED)
    hour()
    assert len(anchors(staffroom, cast.acme)) == count + 1


def test_they_hold_no_personal_data(staffroom, cast, hour):
    hour()
    assert set(anchors(staffroom, cast.acme)[-1]) == {"format", "version", "company", "seq", "hash", "at"}


def test_one_company_whose_anchor_fails_keeps_no_other_from_its_own(staffroom, cast, as_, hour, monkeypatch):
    put = type(staffroom.outside.anchors).put

    def full(self, company_id, seq, content):
        if company_id == cast.acme.id:
            raise OSError("no room")
        put(self, company_id, seq, content)

    monkeypatch.setattr(type(staffroom.outside.anchors), "put", full)
    with as_(cast.zoe) as uow:
        audit.record(uow, Action.EMPLOYEE_CHANGED)
    with pytest.raises(OSError, match="no room"):
        hour()
    assert anchors(staffroom, cast.beta)


def test_the_morning_letter_says_what_to_check_with(app, staffroom, cast, as_, hour):
    hour()
    newest = anchors(staffroom, cast.acme)[-1]
    with app.app_context():
        jobs.mail_all()
    with as_(cast.ana) as uow:
        letter = latest(uow)
    assert letter.to == cast.ana.email
    assert f"--anchor {newest['seq']}:{newest['hash']}" in " ".join(letter.text.split())


def test_no_letter_when_nothing_has_happened_since(staffroom, cast, as_, hour, clock):
    hour()
    clock.move_to(clock.now() + timedelta(days=2))
    with as_(cast.ana) as uow:
        assert audit_anchors.send_letter(uow) == 0


def test_the_command_says_what_is_kept_and_a_rewritten_log_is_no_kept_promise(app, staffroom, cast, as_):
    """T133: the page of evidence shows nothing green while a log contradicts its anchor."""

    def run(args):
        with app.app_context():
            return app.test_cli_runner().invoke(args=args)

    answer = run(args=["audit", "anchor"])
    newest = anchors(staffroom, cast.acme)[-1]
    kept = (
        f"acme: event {newest['seq']} is kept outside the database now, as {newest['seq']}:{newest['hash']}"
    )
    assert answer.exit_code == 0 and kept in answer.output, answer.output
    assert "is kept outside the database since " in run(args=["audit", "anchor"]).output
    evidence = EvidenceFolder(staffroom.settings.instance / "evidence")
    assert evidence.read("audit-anchors")["passed"]

    with as_(cast.ana) as uow:
        audit.record(uow, Action.EMPLOYEE_CHANGED)
    lie = {**newest, "seq": newest["seq"] + 1, "hash": "00" * 32}
    staffroom.outside.anchors.put(cast.acme.id, lie["seq"], json.dumps(lie).encode())
    answer = run(args=["audit", "anchor"])
    assert answer.exit_code == 1 and f"acme: CONTRADICTS what was kept of event {lie['seq']}" in answer.output
    assert "beta: event" in answer.output
    told = evidence.read("audit-anchors")
    assert not told["passed"] and told["figures"]["failed"] == 1
