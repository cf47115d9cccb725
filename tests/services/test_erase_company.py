"""A company whose time is over is erased whole, whatever interrupts it, and nobody else's data moves (P17)."""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys
from datetime import date, timedelta

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.app import create_app
from portal.db import db, open_session
from portal.domain.clock import FrozenClock
from portal.domain.licences import LicenceKind
from portal.domain.refusals import Reason, Refusal
from portal.integrations.signatures import verifies
from portal.jobs import company_life
from portal.services import audit, closings, companies, erasures, licences, outbox
from tests.factories.belongings import give_acme_everything
from tests.factories.companies import work
from tests.fixtures.cast import SENTINEL, make_cast
from tests.fixtures.portal import NOW, make_settings

TODAY = date(2026, 6, 15)


class Portal:
    """A portal with both companies on a database that the test may empty."""

    def __init__(self, database, folder):
        self.database, self.folder = database, folder
        self.clock = FrozenClock(NOW)
        self.app = create_app(make_settings(database, folder), clock=self.clock)
        self.staffroom = self.app.extensions["staffroom"]
        with self.app.app_context():
            self.cast = make_cast(self.staffroom)
            with self.as_(self.cast.ana) as uow:
                give_acme_everything(uow, self.cast)
                eve = licences.admins(uow)[0]
                outbox.queue_mail(
                    uow, eve, "password_changed", changed_at=SENTINEL, link="https://x.example/"
                )
            with self.as_(self.cast.zoe) as uow:
                uow.outside.files.put(uow.company.id, uow.company.id, b"Beta's own")
                zoe = licences.admins(uow)[0]
                outbox.queue_mail(uow, zoe, "password_changed", changed_at="now", link="https://x.example/")

    def as_(self, member):
        return work(self.staffroom, companies.company_facts(member.company.id), member.actor)

    def end_licence(self, days_ago: int = 22) -> None:
        with self.as_(self.cast.ana) as uow:
            licences.set_terms(uow, LicenceKind.PAID, TODAY - timedelta(days=days_ago))

    def run(self) -> int:
        return company_life.run()


@pytest.fixture
def portal(fresh_database, tmp_path):
    made = Portal(fresh_database, tmp_path)
    with made.app.app_context():
        yield made
        db.engine.dispose()


def tables(connection):
    rows = connection.execute(
        "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind = 'r' AND n.nspname IN ('public', 'audit') ORDER BY 1, 2"
    )
    return [f'{schema}."{table}"' for schema, table in rows.fetchall()]


def admin(portal):
    return psycopg.connect(portal.database.admin_url.replace("postgresql+psycopg", "postgresql"))


def rows_of(portal, company_id) -> dict[str, list[str]]:
    """Every row of every table that names the company, as text: by column, and jobs by their arguments."""
    with admin(portal) as connection:
        return {
            table: [
                row[0]
                for row in connection.execute(
                    f"SELECT t::text FROM {table} t WHERE t::text LIKE %s ORDER BY 1",  # noqa: S608
                    (f"%{company_id}%",),
                )
            ]
            for table in tables(connection)
        }


def places_of(portal, *words: str) -> list[str]:
    """The tables in which one of the words stands, in any column and any case; bytes are looked into as text."""
    found = []
    with admin(portal) as connection:
        for table in tables(connection):
            seen = connection.execute(f"SELECT t::text FROM {table} t").fetchall()  # noqa: S608
            whole = "\n".join(row[0] for row in seen).lower()
            needles = [part for word in words for part in (word.lower(), word.encode().hex())]
            if any(needle in whole for needle in needles):
                found.append(table)
    return found


def files_of(portal, company_id=None) -> dict[str, str]:
    root = portal.folder / "files"
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and (company_id is None or str(company_id) in str(path))
    }


def test_nothing_of_an_erased_company_is_left_and_the_other_is_as_it_was(portal):
    """P17: rows, files, jobs, outbox, audit log; Beta to the byte."""
    acme, beta = portal.cast.acme.id, portal.cast.beta.id
    portal.end_licence()
    assert len(places_of(portal, SENTINEL, str(acme))) > 15, "the scan can fail"
    assert files_of(portal, acme)
    before, beta_files = rows_of(portal, beta), files_of(portal, beta)
    assert sum(map(len, before.values())) > 50
    assert portal.run() == 1
    left = places_of(portal, SENTINEL, str(acme), "acme")
    assert left == ['public."erasure"'], "the certificate names the id, and nothing else"
    assert places_of(portal, SENTINEL) == []
    assert files_of(portal, acme) == {}
    assert (rows_of(portal, beta), files_of(portal, beta)) == (before, beta_files)
    assert portal.run() == 0


def test_the_certificate_counts_what_there_was_and_is_signed(portal):
    """P17."""
    portal.end_licence()
    acme = portal.cast.acme.id
    # Begun: a row of its own and an event more.
    with admin(portal) as connection:
        expected = {
            table.replace('"', ""): connection.execute(
                f"SELECT count(*) FROM {table} WHERE company_id = %s",  # noqa: S608
                (acme,),
            ).fetchone()[0]
            for table in tables(connection)
            if connection.execute(
                "SELECT 1 FROM pg_attribute WHERE attrelid = %s::regclass AND attname = 'company_id'",
                (table,),
            ).fetchone()
        }
        head_before = connection.execute(
            "SELECT hash FROM audit.head WHERE company_id = %s", (acme,)
        ).fetchone()
    files = len(files_of(portal, acme))
    portal.run()
    [certificate] = erasures.all_of_them()
    counted = {table: one["rows"] for table, one in certificate["tables"].items()}
    assert counted.pop("public.company") == 1
    assert counted.pop("audit.event") == expected.pop("audit.event") + 1
    assert counted == expected
    assert certificate["audit_log"]["events"] == certificate["tables"]["audit.event"]["rows"]
    assert certificate["audit_log"]["head"] not in {"", head_before[0].hex()}
    assert counted["public.company_key"] == 1
    assert certificate["files"]["count"] == files > 0
    assert certificate["waiting_jobs"] >= 1
    page = portal.app.test_client().get(f"/erasures/{certificate['certificate']}").text
    assert "15 Jun 2026" in page
    assert certificate["begun_at"] not in page, "people read a date, programs the file"
    [kept] = (portal.folder / "certificates").glob("*.json")
    stored = json.loads(kept.read_text())
    key = stored.pop("key")
    assert stored == certificate
    assert verifies(key, erasures.signed_text(certificate), certificate["signature"])
    assert not verifies(key, erasures.signed_text({**certificate, "rows": 0}), certificate["signature"])


def test_what_stops_the_erasure_is_made_up_for_by_the_next_run(portal, monkeypatch):
    """P17: after each step; between them the company shows nothing."""
    portal.end_licence()
    acme = portal.cast.acme.id

    def fails(*_args):
        raise OSError("pulled")

    for step in ("_erase_rows", "_finish"):
        with monkeypatch.context() as broken:
            broken.setattr(erasures, step, fails)
            assert portal.run() == 0
        assert len(erasures.unfinished()) == 1
        assert portal.app.test_client().get("/c/acme/sign-in").status_code in {404, 410}
    assert portal.run() == 1
    assert erasures.unfinished() == []
    assert files_of(portal, acme) == {}


KILLED = """
import sys, time
from pathlib import Path
from portal.app import create_app
from portal.jobs import company_life
from portal.services import erasures
from tests.fixtures.database_server import Database
from tests.fixtures.portal import NOW, make_settings
from portal.domain.clock import FrozenClock

database = Database("", sys.argv[1], sys.argv[2], sys.argv[2], "")
app = create_app(make_settings(database, Path(sys.argv[3])), clock=FrozenClock(NOW))
files = app.extensions["staffroom"].outside.files
class Slow:
    def keys(self, company_id):
        return files.keys(company_id)
    def delete_company(self, company_id):
        print("rows are gone", flush=True)
        time.sleep(600)
object.__setattr__(app.extensions["staffroom"].outside, "files", Slow())
with app.app_context():
    company_life.run()
"""


def test_a_process_killed_in_the_middle_leaves_work_that_the_next_one_ends(portal):
    """P17: kill -9 between the rows and the files."""
    portal.end_licence()
    acme = portal.cast.acme.id
    urls = [portal.database.owner_url, portal.database.app_url, str(portal.folder)]
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, *urls], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "rows are gone\n"
        process.send_signal(signal.SIGKILL)
    assert files_of(portal, acme), "killed before the files went"
    assert companies.company_facts(acme) is None
    assert portal.run() == 1
    assert files_of(portal, acme) == {}


def test_before_its_day_nothing_is_erased_and_the_database_refuses_too(portal):
    portal.end_licence(days_ago=21)
    before = rows_of(portal, portal.cast.acme.id)['public."employee"']
    assert portal.run() == 0
    assert rows_of(portal, portal.cast.acme.id)['public."employee"'] == before
    acme, beta = portal.cast.acme.id, portal.cast.beta.id
    for bound, asked in ((acme, acme), (acme, beta)):
        with open_session(company_id=bound) as session, pytest.raises(DBAPIError, match="the company"):
            session.execute(text("SELECT erase_company(:asked)"), {"asked": asked})


def test_two_admins_close_and_one_takes_up_until_the_erasure_begins(portal):
    cast = portal.cast
    with portal.as_(cast.ana) as uow:
        closings.ask(uow)
    with portal.as_(cast.ana) as uow, pytest.raises(Refusal) as refused:
        closings.confirm(uow, closings.waiting(uow).id)
    assert refused.value.reason is Reason.OWN_REQUEST
    with portal.as_(
        cast.mats
    ) as uow:  # the route asks whether he is an admin; here it is about being another
        closings.confirm(uow, closings.waiting(uow).id)
    portal.clock.move_to(NOW + timedelta(days=20))
    assert portal.run() == 0
    with portal.as_(cast.ana) as uow:
        closings.take_up(uow)
    portal.clock.move_to(NOW + timedelta(days=60))
    assert portal.run() == 0
    assert companies.company_facts(cast.acme.id) is not None


def test_taking_up_and_erasing_do_not_pass_each_other(portal):
    """P17: the one that comes first wins, cleanly."""
    cast = portal.cast
    with portal.as_(cast.ana) as uow:
        row = licences.locked_row(uow)
        row.closed_on = TODAY - timedelta(days=21)
        audit.record(uow, audit.Action.LICENCE_CHANGED, subject=row)
    with portal.as_(cast.ana) as uow:
        assert erasures.begin(uow)
    with portal.as_(cast.ana) as uow, pytest.raises(Refusal) as refused:
        closings.take_up(uow)
    assert refused.value.reason is Reason.COMPANY_ERASED
    with portal.as_(cast.ana) as uow:
        licences.set_overdue(uow, TODAY)
    assert portal.run() == 1


def test_each_letter_goes_out_once(portal):
    portal.end_licence(days_ago=-30)
    for _ in range(2):
        portal.run()
    for days in (16, 23, 29, 31, 45, 51):
        portal.clock.move_to(NOW + timedelta(days=days))
        portal.run()
        portal.run()
    with portal.as_(portal.cast.ana) as uow:
        letters = [one for one in outbox.list_latest(uow) if "licence" in one.text or "erased" in one.text]
    assert [one.subject.replace(f"Acme {SENTINEL}", "Acme") for one in reversed(letters)] == [
        "The licence of Acme ends on 15 July 2026",
        "The licence of Acme ends on 15 July 2026",
        "The licence of Acme ends on 15 July 2026",
        "The licence of Acme ends on 15 July 2026",
        "The licence of Acme is over",
        "The data of Acme will be erased on 6 August 2026",
        "The data of Acme will be erased on 6 August 2026",
    ]
