"""The full circle: a backup, a broken page, writing fenced, restored beside, checked, switched, and nobody is back
who was erased since.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import delete, select, text, update

from portal.database_url import libpq
from portal.jobs import erasures
from portal.models import DocumentVersion, Employee, Employment
from portal.services import audit, audit_anchors, audit_export, audit_log, documents, sessions
from portal.services.audit_export import Extract
from portal.services.backups import nightly
from portal.services.forgetting import requests
from portal.surroundings import connect_backups
from tests.factories.belongings import give_acme_everything
from tests.factories.companies import work
from tests.factories.people import identity_of
from tests.fixtures.cast import make_cast
from tests.services.test_audit_verifier import PROGRAM

FORM = {"email": "ana@acme.example", "password": "not the right one"}


class Circle:
    """What the stories below do with the portal that stands."""

    def __init__(self, standing) -> None:
        self.standing, self.staffroom = standing, standing.staffroom
        self.cast = make_cast(self.staffroom)

    def work(self, member):
        return work(self.staffroom, member.company, member.actor)

    def back_up(self):
        return nightly.create(
            connect_backups(self.staffroom.settings, self.staffroom.outside, self.staffroom.clock)
        )

    def recover(self, *words):
        return self.standing.command(
            "backup", "recover", "--admin-url", self.standing.server.admin_url, *words
        )

    def try_to_sign_in(self) -> int:
        """Answers the status."""
        browser = self.standing.app.test_client()
        browser.staffroom = self.staffroom
        with self.standing.app.app_context():
            assert browser.get("/c/acme/sign-in").status_code == 200, "the page itself needs no person"
        with self.standing.app.app_context():
            return browser.send("/c/acme/sign-in", FORM).status_code

    def anchor(self):
        with self.work(self.cast.ana) as uow:
            return audit_anchors.keep(uow).newest

    def forget_eve(self) -> None:
        eve = self.cast.eve.employee_id
        with self.work(self.cast.ana) as uow:
            request_id = requests.enter(uow, email="eve@acme.example", received_on=uow.today())
        with self.work(self.cast.ana) as uow:
            requests.plan(uow, request_id, version=1)
        with self.work(replace(self.cast.mats, roles=("employee", "hr"))) as uow:
            requests.approve(uow, request_id, version=2)
            uow.session.flush()
            uow.session.execute(text("UPDATE outbox_message SET status = 'kept'"))
        erasures.run(str(self.cast.acme.id), request_id)
        assert self.staffroom.outside.erasures.check() == 1
        assert self.name_of(eve) != "Eve"

    def name_of(self, employee_id):
        with self.work(self.cast.ana) as uow:
            return uow.session.scalar(select(Employee.first_name).where(Employee.id == employee_id))

    def verdict(self):
        with self.work(self.cast.ana) as uow:
            return audit_log.verify(uow, audit_anchors.by_number(uow))


@pytest.fixture
def circle(standing):
    """Eve left years ago and was signed in once; everybody has rows everywhere; a document is stored."""
    with standing.app.app_context():
        circle = Circle(standing)
        eve = circle.cast.eve.employee_id
        with circle.work(circle.cast.ana) as uow:
            give_acme_everything(uow, circle.cast)
            uow.session.execute(text("DELETE FROM erasure_request"))
            uow.session.execute(
                delete(Employment).where(
                    Employment.employee_id == eve, Employment.start_date > date(2022, 5, 31)
                )
            )
            uow.session.execute(
                update(Employment).where(Employment.employee_id == eve).values(end_date=date(2022, 5, 31))
            )
            uow.session.execute(update(Employee).where(Employee.id == eve).values(active=False))
            sessions.start(uow, identity_of(uow, circle.cast.ana.employee_id), browser="tests", complete=True)
        yield circle


def test_broken_fenced_restored_checked_switched_and_the_erased_stay_erased(circle, tmp_path):
    """T143, T144: found at read; a person accepts what is lost; the same addresses lead to the restored data."""
    good = circle.back_up()
    circle.anchor()
    circle.forget_eve()
    with circle.work(circle.cast.ana) as uow:
        audit.record(uow, audit.Action.EMPLOYEE_CHANGED, note="after the backup")
    newest = circle.anchor()
    circle.standing.break_table("identity")
    assert circle.try_to_sign_in() == 500, "found where it is read"
    assert circle.staffroom.fence.stands
    assert circle.try_to_sign_in() == 503, "and nothing is written any more"

    asked = circle.recover()
    assert asked.exit_code == 3, asked.output
    assert f"{good.id} of 2026-06-15 08:00 UTC is whole; 1 erasures were carried out again" in asked.output
    assert "logged events since then would be lost" in asked.output and "FAILED" not in asked.output
    assert asked.output.count("ok    ") == 9
    assert "takes" not in circle.recover("--veto").output
    assert circle.recover().exit_code == 3, "nothing by itself"
    done = circle.recover("--accept-loss")
    assert done.exit_code == 0, done.output
    assert "Switched to" in done.output and not circle.staffroom.fence.stands

    assert circle.try_to_sign_in() in {401, 422}, "the same portal goes on"
    assert circle.name_of(circle.cast.eve.employee_id) != "Eve", "erased after the backup, and still erased"
    with psycopg.connect(libpq(circle.standing.server.url("postgres", database="postgres"))) as admin:
        names = {name for (name,) in admin.execute("SELECT datname FROM pg_database")}
    assert "staffroom_20260615080000_damaged" in names, "the broken copy is kept"
    assert circle.standing.command("integrity", "check").exit_code == 0

    verdict = circle.verdict()
    assert verdict.intact, verdict
    ((kept, goes_on),) = verdict.gaps
    assert kept < newest.seq < goes_on
    assert circle.anchor() is not None, "the same folder of anchors goes on"
    assert circle.verdict().intact
    again = circle.recover()
    assert again.exit_code == 0 and "nothing to recover from" in again.output
    _offline(circle, tmp_path, kept, goes_on)


def _offline(circle, folder, kept, goes_on) -> None:
    """The auditors' program explains the gap, and does not take one that was not explained."""
    path = folder / "log.jsonl"
    with circle.work(circle.cast.ana) as uow:
        extract = Extract(audit_log.EVERYTHING, audit_export.last_number(uow))
        path.write_text("".join(audit_export.as_lines(uow, extract)), encoding="utf-8")
    anchors = circle.staffroom.outside.anchors.root / str(circle.cast.acme.id)
    code, said = _check(path, "--anchors", anchors)
    assert code == 0, said
    assert f"Events {kept + 1} to {goes_on - 1} are not in it" in said
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    (restore,) = (line for line in lines if '"company.restored"' in line)
    path.write_text(
        "".join(lines)
        .replace(f'\\"through\\":{kept}', f'\\"through\\":{kept - 1}')
        .replace(f'\\"through\\": {kept}', f'\\"through\\": {kept - 1}'),
        encoding="utf-8",
    )
    assert path.read_text(encoding="utf-8") != "".join(lines), restore
    code, said = _check(path, "--anchors", anchors)
    assert code == 1 and f"BROKEN at event {kept + 1}" in said, said


def _check(path, *words):
    ran = subprocess.run(
        [sys.executable, "-I", str(PROGRAM), str(path), *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.returncode, ran.stdout


def test_without_a_loss_nobody_is_asked(circle):
    """T143: found at night instead; what the backup has is all there is, so the switch needs no word."""
    circle.back_up()
    circle.standing.break_table("absence")
    assert circle.standing.command("integrity", "check").exit_code == 1
    done = circle.recover()
    assert done.exit_code == 0, done.output
    assert "nothing is lost" in done.output and "Switched to" in done.output
    assert circle.verdict().gaps == (), "and no number is left out"
    assert circle.standing.command("integrity", "check").exit_code == 0


def test_a_flipped_byte_of_a_stored_file_is_mended_alone(circle):
    """T143: a file never changes, so it comes from a backup without anybody losing anything; the broken one is kept."""
    with circle.work(circle.cast.ana) as uow:
        documents.add(
            uow,
            document_id=uuid4(),
            title="Rules",
            description="",
            file_name="rules.txt",
            content=b"House rules.",
        )
        version = uow.session.scalars(
            select(DocumentVersion).order_by(DocumentVersion.created_at.desc())
        ).first()
        key = version.storage_key
    circle.back_up()
    instance = circle.staffroom.settings.instance
    (path,) = (instance / "files").rglob(key)
    good = path.read_bytes()
    path.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    assert circle.standing.command("integrity", "check").exit_code == 1
    assert not circle.staffroom.fence.stands, "the rest of the portal is sound"
    mended = circle.recover()
    assert "is whole again" in mended.output, mended.output
    assert path.read_bytes() == good
    (broken,) = instance.glob("replaced-*/files/*")
    assert broken.name.endswith(key) and broken.read_bytes() != good
    with circle.work(circle.cast.ana) as uow:
        said = "SELECT count(*) FROM audit.event WHERE action = 'document.mended'"
        assert uow.session.scalar(text(said)) == 1
