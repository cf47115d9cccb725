"""A company in one file and back in another portal, equal; and everything that such a file can be wrong about (P17)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import select, text

from portal.app import create_app
from portal.db import db
from portal.domain.archives import ArchiveStatus
from portal.domain.clock import FrozenClock
from portal.domain.refusals import Reason, Refusal
from portal.jobs import company_archives as job
from portal.models import CompanyArchive, DocumentVersion, Employee
from portal.services import archive_requests, audit_log, companies, documents, file_parts
from portal.services.archives import NOT_TAKEN
from tests.factories.belongings import give_acme_everything
from tests.factories.companies import work
from tests.fixtures.cast import SENTINEL, make_cast
from tests.fixtures.portal import NOW, make_settings


def make_portal(database, folder):
    folder.mkdir(exist_ok=True)
    return create_app(make_settings(database, folder), clock=FrozenClock(NOW))


@pytest.fixture
def here(fresh_database, tmp_path):
    app = make_portal(fresh_database, tmp_path / "here")
    staffroom = app.extensions["staffroom"]
    with app.app_context():
        app.cast = make_cast(staffroom)
        with work(staffroom, app.cast.acme, app.cast.ana.actor) as uow:
            give_acme_everything(uow, app.cast)
        yield app
        db.engine.dispose()


@pytest.fixture
def there(database_server, worker_id, tmp_path):
    """A second portal: another database, other keys, other files."""
    name = f"staffroom_{worker_id}_there"
    app = make_portal(database_server.clone(name), tmp_path / "there")
    yield app
    with app.app_context():
        db.engine.dispose()
    database_server.drop(name)


def run(app, *arguments, **options):
    """The command in this portal, whichever one the test is in."""
    with app.app_context():
        return app.test_cli_runner().invoke(args=["company", *map(str, arguments)], **options)


def archive(app, file, slug="acme") -> tuple[str, str]:
    """Passphrase and public key of a new archive."""
    answer = run(app, "archive", slug, file)
    assert answer.exit_code == 0, answer.output
    key = answer.output.split("signed by ")[1].split()[0]
    return answer.output.rsplit(": ", 1)[1].strip(), key


def restore(app, file, passphrase, key=None):
    trusted = ["--signed-by", key] if key else []
    return run(app, "restore-archive", file, "--passphrase", passphrase, *trusted)


def tables(connection):
    query = (
        "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind = 'r' AND n.nspname IN ('public', 'audit') AND (c.relname = 'company' OR EXISTS ("
        "SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'company_id' AND a.attnotnull)) ORDER BY 1"
    )
    return [row[0] for row in connection.execute(query).fetchall()]


def rows(app, company_id) -> dict[str, list[str]]:
    """Every row of the company as text, in every table that has any."""
    url = app.extensions["staffroom"].settings.database_owner_url.replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        connection.execute("SELECT set_config('app.company_id', %s, false)", (str(company_id),))
        return {
            table: [
                row[0]
                for row in connection.execute(
                    f"SELECT to_jsonb(t)::text FROM {table} t WHERE to_jsonb(t)->>%s = %s ORDER BY 1",  # noqa: S608
                    ("id" if table == "public.company" else "company_id", str(company_id)),
                )
            ]
            for table in tables(connection)
        }


def files(app, company_id):
    store = app.extensions["staffroom"].outside.files
    return {key: store.get(company_id, key) for key in store.keys(company_id)}


def without_licence(found: list[str]) -> list[dict]:
    dates = {
        "licence_kind",
        "licence_ends_on",
        "overdue_since",
        "closed_on",
        "erasing_since",
        "certificate_id",
    }
    return [{name: value for name, value in json.loads(one).items() if name not in dates} for one in found]


def test_an_archive_comes_back_equal_in_another_portal(here, there, tmp_path):
    """P17: every row and every file; the audit chain verifies; sealed values open under the new master key."""
    acme, file = here.cast.acme.id, tmp_path / "acme.staffroom"
    passphrase, key = archive(here, file)
    assert SENTINEL.encode() not in file.read_bytes()
    before, stored = rows(here, acme), files(here, acme)
    answer = restore(there, file, passphrase, key)
    assert answer.exit_code == 0, answer.output
    after = rows(there, acme)
    assert sum(map(len, before.values())) > 80
    for table in before:
        if table == "public.company":
            assert without_licence(after[table]) == without_licence(before[table])
        elif table == "public.company_key":
            assert [{**json.loads(one), "wrapped_key": 0} for one in after[table]] == [
                {**json.loads(one), "wrapped_key": 0} for one in before[table]
            ]
        elif table in NOT_TAKEN:
            assert after[table] == []
        else:
            assert after[table] == before[table], table
    assert files(there, acme) == stored != {}
    with there.app_context():
        staffroom = there.extensions["staffroom"]
        with work(staffroom, companies.company_facts(acme), here.cast.ana.actor) as uow:
            assert audit_log.verify(uow).intact
            version = uow.session.scalars(select(DocumentVersion)).first()
            assert SENTINEL in documents.open_file(uow, version).content.decode()
            assert uow.session.scalar(select(Employee.email).where(Employee.email == "eve@acme.example"))


def compare(app, file, passphrase, key):
    return run(app, "compare-archive", file, "--passphrase", passphrase, "--signed-by", key)


def test_a_restored_company_is_compared_with_its_archive_by_a_command(here, there, tmp_path):
    """P17: equal is said of what is equal alone: a row, a file or a key that differs is named, and changes nothing."""
    acme, file = here.cast.acme.id, tmp_path / "acme.staffroom"
    passphrase, key = archive(here, file)
    assert "no company with the short name 'acme'" in compare(there, file, passphrase, key).output
    assert restore(there, file, passphrase, key).exit_code == 0
    before = rows(there, acme)
    equal = compare(there, file, passphrase, key)
    assert (equal.exit_code, "acme: equal" in equal.output) == (0, True), equal.output
    assert rows(there, acme) == before
    assert compare(there, file, "AAAA", key).exit_code == 2
    assert "that you trust" in compare(there, file, passphrase, "AAAA").output

    url = there.extensions["staffroom"].settings.database_owner_url.replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        connection.execute("SELECT set_config('app.company_id', %s, false)", (str(acme),))
        connection.execute("UPDATE employee SET first_name = 'Other' WHERE email = 'eve@acme.example'")
    store = there.extensions["staffroom"].outside.files
    first, *_others = store.keys(acme)
    store.put(acme, first, b"other")
    wrong = compare(there, file, passphrase, key)
    assert (wrong.exit_code, "acme: NOT EQUAL" in wrong.output) == (1, True), wrong.output
    assert (
        "public.employee: 1 of the archive are not here, or not like this; 1 here are not in it"
        in wrong.output
    )
    assert f"files: 1 other: {first}" in wrong.output
    store.delete(acme, first)
    assert f"files: 1 missing: {first}" in compare(there, file, passphrase, key).output


def test_what_is_wrong_with_an_archive_is_said_and_nothing_is_kept(here, there, tmp_path):
    """Altered, cut, with another passphrase, from a stranger, of another version, or no archive at all."""
    acme, file = here.cast.acme.id, tmp_path / "acme.staffroom"
    passphrase, key = archive(here, file)
    whole = file.read_bytes()
    line = whole.index(b"\n") + 1
    head = json.loads(whole[:line])

    def refused(content: bytes, *, passphrase=passphrase, key=key) -> str:
        bad = tmp_path / "bad.staffroom"
        bad.write_bytes(content)
        answer = restore(there, bad, passphrase, key)
        assert answer.exit_code == 2, answer.output
        assert rows(there, acme)["public.company"] == []
        assert files(there, acme) == {}
        return answer.output

    assert "passphrase" in refused(whole, passphrase="AAAA-BBBB")
    assert "not signed by a portal that you trust" in refused(whole, key=None)
    assert "not signed by a portal that you trust" in refused(whole, key="AAAA")
    assert "altered" in refused(whole[: line + 100] + bytes([whole[line + 100] ^ 1]) + whole[line + 101 :])
    assert "altered" in refused(whole[:-20])
    assert "cut off" in refused(whole[:line])
    assert "passphrase is another one, or" in refused(
        whole[:line].replace(b"test-1", b"test-2") + whole[line:]
    )
    assert "not an archive" in refused(b"PK\x03\x04 something else")
    assert "not an archive" in refused(b"")
    newer = json.dumps({**head, "staffroom_archive": 2}).encode() + b"\n"
    assert "format 2" in refused(newer + whole[line:])
    url = there.extensions["staffroom"].settings.database_owner_url.replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'another'")
    assert "Restore it with the version that wrote it" in refused(whole)


def test_a_portal_that_has_the_company_does_not_take_it_again(here, tmp_path):
    file = tmp_path / "acme.staffroom"
    passphrase, _ = archive(here, file)
    before = rows(here, here.cast.acme.id)
    answer = restore(here, file, passphrase)
    assert answer.exit_code == 2
    assert "already" in answer.output
    assert rows(here, here.cast.acme.id) == before
    assert run(here, "archive", "acme", file).exit_code == 2, "no file is overwritten"


def test_an_archive_asked_for_in_the_portal_is_made_by_a_job_and_fetched_once(here, there, tmp_path):
    """P17: with the passphrase that was shown, it opens elsewhere; a second fetch is refused; then it is cleared."""
    staffroom, cast = here.extensions["staffroom"], here.cast
    with work(staffroom, cast.acme, cast.ana.actor) as uow:
        passphrase = archive_requests.ask(uow)
    with work(staffroom, cast.acme, cast.ana.actor) as uow:
        [waiting] = [one for one in archive_requests.latest(uow) if one.status is ArchiveStatus.WAITING]
        with pytest.raises(Refusal) as refused:
            archive_requests.ask(uow)
    assert refused.value.reason is Reason.CHANGED_MEANWHILE
    job.make(str(cast.acme.id), waiting.id)
    job.make(str(cast.acme.id), waiting.id)  # queued twice, made once
    with work(staffroom, cast.acme, cast.ana.actor) as uow:
        file = tmp_path / "fetched.staffroom"
        file.write_bytes(b"".join(archive_requests.fetch(uow, waiting.id)))
        row = uow.session.get_one(CompanyArchive, (cast.acme.id, waiting.id))
        assert (row.status, row.passphrase_sealed) == (ArchiveStatus.FETCHED, None)
        assert row.tables_done == row.tables_total > 30
    with work(staffroom, cast.acme, cast.ana.actor) as uow, pytest.raises(Refusal):
        archive_requests.fetch(uow, waiting.id)
    key = run(here, "signing-key").output.strip()
    answer = restore(there, file, passphrase, key)
    assert answer.exit_code == 0, answer.output
    staffroom.clock.move_to(NOW + timedelta(hours=7))
    with work(staffroom, cast.acme, cast.ana.actor) as uow:
        archive_requests.clear(uow)
    left = set(files(here, cast.acme.id))
    assert file_parts.part_key(waiting.id, 0) not in left
    assert left == set(files(there, cast.acme.id))


def test_only_who_may_see_everything_takes_it_along(here):
    """An admin alone learns no reason of an absence, and gets no archive either; nor does another admin this one."""
    staffroom, cast = here.extensions["staffroom"], here.cast
    for member in (cast.mats, cast.eve):
        with work(staffroom, cast.acme, member.actor) as uow, pytest.raises(Refusal) as refused:
            archive_requests.ask(uow)
        assert refused.value.reason is Reason.NOT_PERMITTED
    with work(staffroom, cast.acme, cast.ana.actor) as uow:
        archive_requests.ask(uow)
    with work(staffroom, cast.acme, cast.ana.actor) as uow:
        [mine] = [one.id for one in archive_requests.latest(uow) if one.status is ArchiveStatus.WAITING]
    job.make(str(cast.acme.id), mine)
    other = replace(cast.ana.actor, employee_id=cast.mats.employee_id)
    with work(staffroom, cast.acme, other) as uow, pytest.raises(Refusal) as refused:
        archive_requests.fetch(uow, mine)
    assert refused.value.reason is Reason.NOT_PERMITTED


def test_an_archive_that_cannot_be_made_leaves_the_way_free(here, monkeypatch):
    staffroom, cast = here.extensions["staffroom"], here.cast
    with work(staffroom, cast.acme, cast.ana.actor) as uow:
        archive_requests.ask(uow)
        [row] = uow.session.scalars(
            select(CompanyArchive).where(CompanyArchive.status == ArchiveStatus.WAITING)
        )
    before = set(files(here, cast.acme.id))

    def broken(*_args):
        raise OSError("disk")

    monkeypatch.setattr(file_parts.Parts, "end", broken)
    with pytest.raises(OSError, match="disk"):
        job.make(str(cast.acme.id), row.id)
    assert set(files(here, cast.acme.id)) == before
    with work(staffroom, cast.acme, cast.ana.actor) as uow:
        assert uow.session.scalar(text("SELECT count(*) FROM company_archive WHERE status = 'failed'")) == 1
        assert archive_requests.ask(uow)
