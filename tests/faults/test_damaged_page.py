"""A byte flips in the database's own files: that page is an error, nothing is written any more, a backup is sound."""

from __future__ import annotations

import pytest

from portal.app import create_app
from portal.backup_settings import BackupSettings
from portal.cli.serve import migrate
from portal.config import Mode, Settings
from portal.db import db
from portal.domain.clock import FrozenClock
from portal.embedded import EmbeddedPostgres
from portal.services.backups import nightly
from portal.surroundings import connect_backups
from tests.factories.companies import make_company, work
from tests.factories.people import make_employee
from tests.fixtures.client import PortalClient
from tests.fixtures.portal import NOW

PAGE = 8192


class Standing:
    """A portal on a server of its own, whose files may be broken."""

    def __init__(self, folder, place) -> None:
        self.server = EmbeddedPostgres(folder / "postgres", durable=False)
        self.server.start()
        settings = Settings(
            mode=Mode.TEST,
            instance=folder,
            url="http://localhost",
            database_url=self.server.app_url,
            database_owner_url=self.server.owner_url,
            database_backup_url=self.server.backup_url,
            database_support_url=self.server.support_url,
            key_file=folder / "keys" / "master.json",
            version="test-1",
            backups=BackupSettings(place=str(place), key_file=folder / "keys" / "backup.key"),
        )
        migrate(settings)
        self.app = create_app(settings, clock=FrozenClock(NOW))
        self.app.test_client_class = PortalClient
        self.staffroom = self.app.extensions["staffroom"]

    def command(self, *words):
        return self.app.test_cli_runner().invoke(args=list(words))

    def break_table(self, table: str) -> None:
        """One byte in the middle of its first page, while the server is stopped."""
        with self.app.app_context():
            with db.engine.connect() as connection:
                where = connection.exec_driver_sql(f"SELECT pg_relation_filepath('{table}')").scalar()
            db.engine.dispose()
        self.server.stop()
        file = self.server.data / where
        content = bytearray(file.read_bytes())
        content[PAGE - 40] ^= 1
        file.write_bytes(content)
        self.server._fixed_port = True
        self.server.start()


@pytest.fixture
def standing(tmp_path):
    place = tmp_path / "place"
    place.mkdir()
    standing = Standing(tmp_path / "instance", place)
    yield standing
    with standing.app.app_context():
        db.engine.dispose()
    standing.server.stop()


def test_a_broken_page_is_an_error_there_and_stops_all_writing(standing, tmp_path):
    """T143: the error stays with what needs the page; the check and a backup find it too; a restore is sound."""
    with standing.app.app_context():
        acme = make_company(standing.staffroom, "acme", "Acme")
        with work(standing.staffroom, acme) as uow:
            make_employee(uow, "ana@acme.example", "Ana", "Nová", roles=("employee", "admin"))
        backups = connect_backups(
            standing.staffroom.settings, standing.staffroom.outside, standing.staffroom.clock
        )
        good = nightly.create(backups)
    assert standing.command("integrity", "check").exit_code == 0
    standing.break_table("employee")
    browser = standing.app.test_client()
    browser.staffroom = standing.staffroom
    assert browser.get("/c/acme/sign-in").status_code == 200, "it needs no employee"
    form = {"email": "ana@acme.example", "password": "not the right one"}
    assert browser.send("/c/acme/sign-in", form).status_code == 500, "this needs one"
    assert standing.staffroom.fence.stands, "met at read"
    standing.command("integrity", "fence", "--down")
    checked = standing.command("integrity", "check")
    assert checked.exit_code == 1, checked.output
    assert "DAMAGED  employee: invalid page in block 0" in checked.output
    assert standing.staffroom.fence.stands
    refused = browser.send("/c/acme/sign-in", form)
    assert refused.status_code == 503 and "found damage" in refused.text
    page = browser.get("/c/acme/sign-in")
    assert page.status_code == 200 and "can only be read" in page.text
    broken = standing.command("backup", "create")
    assert broken.exit_code == 2 and "pg_dump" in broken.output
    beside = standing.command("backup", "restore", "--into", str(tmp_path / "beside"))
    assert beside.exit_code == 0, beside.output
    assert good.id in beside.output and "FAILED" not in beside.output
    standing.command("integrity", "fence", "--down")
    assert not standing.staffroom.fence.stands
