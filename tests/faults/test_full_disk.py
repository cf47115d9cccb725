"""The disk is full: nothing is half written, pages say so and are read on, and it goes on when there is room."""

from __future__ import annotations

import io
import subprocess
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from portal.database_url import libpq
from portal.models import Absence, Document, DocumentVersion, LedgerEntry, OutboxMessage

BIG, SMALL = b"House rules. " * 20_000, b"House rules."


@pytest.fixture
def small_disk(tmp_path):
    """Mounts a real file system of so many bytes on a folder; needs the right to mount."""
    mounted: list[Path] = []

    def mount(folder: Path, size: int) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=777", "tmpfs", str(folder)]
        if subprocess.run(command, capture_output=True, check=False).returncode != 0:
            pytest.skip("this machine does not let us mount a small disk")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # idle backends keep files open


def test_no_room_for_an_upload_is_said_and_leaves_neither_row_nor_file(asking, small_disk):
    """T148: 507; a file for which there is room is taken."""
    root = small_disk(asking.app.extensions["staffroom"].outside.files.root, 131_072)
    browser = asking.browser(asking.token(asking.cast.ana))

    def upload(content: bytes) -> int:
        data = {"document_id": str(uuid4()), "title": "Rules", "file": (io.BytesIO(content), "rules.txt")}
        return browser.send("/c/acme/documents/all", data, content_type="multipart/form-data").status_code

    assert upload(BIG) == 507
    assert (asking.count(Document), asking.count(DocumentVersion)) == (0, 0)
    assert [path for path in root.rglob("*") if path.is_file()] == []
    assert upload(SMALL) == 303
    assert (asking.count(Document), asking.count(DocumentVersion)) == (1, 1)


@pytest.fixture
def full_disk(asking, small_disk, fresh_database, tmp_path):
    """The table of absences lies on a disk without a free byte; yields the file that fills it."""
    disk = small_disk(tmp_path / "disk", 1_048_576)
    filler = disk / "filler"
    with psycopg.connect(libpq(fresh_database.admin_url), autocommit=True) as admin:
        (disk / "data").mkdir()
        (disk / "data").chmod(0o777)
        admin.execute(f"CREATE TABLESPACE small LOCATION '{disk}/data'")
        admin.execute("ALTER TABLE absence SET TABLESPACE small")
        with filler.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"x" * 4096)
        yield filler
        filler.unlink(missing_ok=True)
        admin.execute("ALTER TABLE absence SET TABLESPACE pg_default")
        admin.execute("CHECKPOINT")  # the files of the table are closed and gone
        admin.execute("DROP TABLESPACE small")


def test_a_full_disk_under_the_database_stops_writes_and_not_reads(asking, full_disk):
    """T148: 503 with when to come back, every row as before, pages as ever; then the same form goes through."""
    browser = asking.browser(asking.token(asking.cast.eve))
    before = (asking.count(LedgerEntry), asking.count(OutboxMessage))
    answer = browser.send("/c/acme/absences", asking.form)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "No space" not in answer.text
    assert asking.count(Absence) == 0
    assert (asking.count(LedgerEntry), asking.count(OutboxMessage)) == before
    for page in ("", "absences", "calendar", "shifts", "people"):
        assert browser.get(f"/c/acme/{page}").status_code == 200, page
    full_disk.unlink()
    assert browser.send("/c/acme/absences", asking.form).status_code == 303
    assert asking.count(Absence) == 1
