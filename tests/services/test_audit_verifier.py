"""The program that auditors run: on a real export, then on tampered ones; without the portal, as its own process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from portal.app import create_app
from portal.database_url import libpq
from portal.db import db
from portal.domain.audit_actions import Action
from portal.services import audit, audit_anchors, audit_export, audit_log
from portal.services.audit_export import Extract
from portal.services.audit_filter import LogFilter
from tests.factories.companies import make_company, work
from tests.fixtures.portal import make_settings
from tests.services.test_audit_chain import ANEW

PROGRAM = Path(__file__).parents[2] / "portal" / "static" / "tools" / "verify_audit_log.py"


class Log:
    """A company's log, how it is exported, and how somebody with all rights over the database rewrites it."""

    def __init__(self, staffroom, company, database, folder):
        self.staffroom, self.company, self.database, self.folder = staffroom, company, database, folder

    def record(self, count):
        with work(self.staffroom, self.company) as uow:
            for number in range(count):
                audit.record(uow, Action.EMPLOYEE_CHANGED, number=number, note="příliš \u2028 \n \0 text")

    def export(self, name, asked=audit_log.EVERYTHING):
        path = self.folder / name
        with work(self.staffroom, self.company) as uow:
            extract = Extract(asked, audit_export.last_number(uow))
            path.write_text("".join(audit_export.as_lines(uow, extract)), encoding="utf-8")
        return path

    def anchor(self):
        with work(self.staffroom, self.company) as uow:
            return audit_anchors.keep(uow).newest

    def verdict(self):
        with work(self.staffroom, self.company) as uow:
            return audit_log.verify(uow, audit_anchors.by_number(uow))

    def rewrite(self, sql):
        with psycopg.connect(libpq(self.database.admin_url)) as connection:
            connection.execute(sql)

    @property
    def anchors(self):
        return self.staffroom.outside.anchors.root / str(self.company.id)


@pytest.fixture
def log(fresh_database, tmp_path):
    app = create_app(make_settings(fresh_database, tmp_path))
    with app.app_context():
        staffroom = app.extensions["staffroom"]
        made = Log(staffroom, make_company(staffroom, "acme", "Acme"), fresh_database, tmp_path)
        made.record(9)
        yield made
        db.engine.dispose()


def check(path, *arguments):
    """Runs the program as an auditor would: isolated from everything that is installed here."""
    ran = subprocess.run(
        [sys.executable, "-I", str(PROGRAM), str(path), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONIOENCODING": "utf-8", "PATH": ""},
        timeout=60,
    )
    assert not ran.stderr, ran.stderr
    return ran.returncode, ran.stdout


def test_it_needs_nothing_but_python():
    source = PROGRAM.read_text()
    imported = {line.split()[1] for line in source.splitlines() if line.startswith(("import ", "from "))}
    assert imported <= set(sys.stdlib_module_names)


def test_a_genuine_export_is_whole(log):
    anchor = log.anchor()
    code, said = check(log.export("log.jsonl"), "--anchor", f"{anchor.seq}:{anchor.hash}")
    assert code == 0, said
    assert "10 events" in said and "The log is whole" in said and "1 anchors from outside agree" in said


@pytest.mark.parametrize(
    ("sql", "where"),
    [
        ("UPDATE audit.event SET payload = replace(payload, 'text', 'test') WHERE seq = 4", 4),
        ("UPDATE audit.event SET payload = replace(payload, '192.0.2.1', '192.0.2.9') WHERE seq = 5", 5),
        ("UPDATE audit.event SET at = at + interval '1 microsecond' WHERE seq = 6", 6),
        ("UPDATE audit.event SET action = 'employee.created' WHERE seq = 7", 7),
        ("UPDATE audit.event SET actor_id = gen_random_uuid() WHERE seq = 3", 3),
        ("DELETE FROM audit.event WHERE seq = 5", 5),
        ("UPDATE audit.event SET seq = seq - 1 WHERE seq > 5; DELETE FROM audit.event WHERE seq = 5", 5),
    ],
)
def test_what_was_rewritten_in_the_database_is_named_by_its_number(log, sql, where):
    """T130: payload, address, time; T131: a row in the middle."""
    if "seq - 1" in sql:
        sql = "DELETE FROM audit.event WHERE seq = 5; UPDATE audit.event SET seq = seq - 1 WHERE seq > 5"
    log.rewrite(sql)
    code, said = check(log.export("log.jsonl"))
    assert (code, f"BROKEN at event {where}:" in said) == (1, True), said


def test_a_cut_tail_is_named_by_the_anchor(log):
    """T132: the database forgets its last events and their head; the export looks whole until the anchor is asked."""
    anchor = log.anchor()
    log.rewrite(
        "DELETE FROM audit.event WHERE seq > 7;"
        " UPDATE audit.head SET seq = 7, hash = (SELECT hash FROM audit.event WHERE seq = 7)"
    )
    path = log.export("log.jsonl")
    assert check(path)[0] == 0, "the chain alone cannot know"
    code, said = check(path, "--anchor", f"{anchor.seq}:{anchor.hash}")
    assert code == 1 and "BROKEN at event 8:" in said, said
    assert check(path, "--anchors", log.anchors)[0] == 1
    assert (log.verdict().broken_at, log.verdict().why) == (
        8,
        "cut off at the end: event 10 was anchored outside",
    )


def test_a_chain_that_was_computed_anew_is_named_by_the_anchor(log):
    """T133: every checksum fits; what lies outside does not."""
    log.record(5)
    log.anchor()
    before = log.export("before.jsonl")
    log.record(5)
    log.anchor()
    log.rewrite(ANEW.replace("seq = 4", "seq = 17"))
    path = log.export("log.jsonl")
    assert check(path)[0] == 0, "the chain alone cannot know"
    code, said = check(path, "--anchors", log.anchors)
    assert code == 1 and "BROKEN at event 20:" in said and "after event 15" in said, said
    assert log.verdict().broken_at == 20
    assert check(path, "--earlier", before)[0] == 0, "it was kept before that was written"


def test_the_whole_anchor_store_is_asked_for_this_company_alone(log):
    """T132: whoever has the store has the anchors of all companies; another's say nothing about this log."""
    log.anchor()
    other = Log(log.staffroom, make_company(log.staffroom, "beta", "Beta"), log.database, log.folder)
    other.record(4)
    other.anchor()
    store = log.anchors.parent
    path = log.export("log.jsonl")
    code, said = check(path, "--anchors", store)
    assert code == 0 and "1 anchors from outside agree" in said, said
    code, said = check(path, "--anchors", other.anchors)
    assert code == 0 and "None of the anchors belongs" in said, said
    log.rewrite(
        "DELETE FROM audit.event WHERE seq > 7;"
        " UPDATE audit.head h SET seq = 7, hash = e.hash FROM audit.event e"
        " WHERE e.seq = 7 AND e.company_id = h.company_id"
    )
    code, said = check(log.export("log.jsonl"), "--anchors", store)
    assert code == 1 and "BROKEN at event 8:" in said, said


def test_an_earlier_export_names_the_very_event(log):
    """T133: whoever keeps exports, or feeds another system, learns which one."""
    before = log.export("before.jsonl")
    log.rewrite(ANEW)
    code, said = check(log.export("log.jsonl"), "--earlier", before)
    assert code == 1 and "BROKEN at event 4: it is another event than in the earlier log" in said, said


def test_the_portal_finds_it_too_and_anchors_no_lie(log, caplog):
    """T133: flask audit verify asks the anchors; a log that contradicts them gets no new one."""
    log.anchor()
    log.rewrite(ANEW)
    log.record(3)
    assert log.anchor() is None
    assert "contradicts its anchor at event 10" in caplog.text
    assert log.verdict().broken_at == 10


def edited(path, change):
    """The export with its records changed by hand."""
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    path.write_text("\n".join(map(json.dumps, change(records))), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda records: records[:-1], 11),
        (lambda records: records[:7], 7),
        (lambda records: records[:4] + records[5:], 4),
        (lambda records: [records[0], *records[2:]], 1),
        (lambda records: [*records[:4], records[5], records[4], *records[6:]], 4),
        (lambda records: [*records[:4], {**records[4], "hash": "0" * 64}, *records[5:]], 4),
        (lambda records: [*records[:4], {**records[4], "salt": None}, *records[5:]], 4),
        (lambda records: [*records[:4], {**records[4], "company": "another"}, *records[5:]], 4),
        (lambda records: [*records[:4], records[3], *records[4:]], 3),
        (lambda records: [{**records[0], "through": 12}, *records[1:]], 11),
    ],
    ids=["no end", "half", "no fourth", "no first", "swapped", "hash", "salt", "company", "twice", "head"],
)
def test_an_export_that_was_edited_is_broken_at_its_place(log, change, where):
    code, said = check(edited(log.export("log.jsonl"), change))
    assert code == 1 and f"BROKEN at event {where}:" in said, said


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null\n", '{"kind": "event"}', '{"kind": "head"}', "\xff\n"]
)
def test_what_is_no_log_is_said_to_be_none(tmp_path, content):
    path = tmp_path / "x"
    path.write_bytes(content.encode("latin-1"))
    code, said = check(path)
    assert code == 2 and "cannot be checked" in said, said


def test_a_selection_proves_its_events_and_says_what_it_cannot_prove(log):
    log.record(1)
    path = log.export("log.jsonl", LogFilter(actions=("company.created",)))
    code, said = check(path)
    assert code == 0 and "1 events" in said and "This is a selection" in said, said
    code, said = check(
        edited(path, lambda records: [records[0], {**records[1], "version": "other"}, *records[2:]])
    )
    assert code == 1 and "BROKEN at event 1:" in said


def test_erasing_a_person_keeps_everything_green(log):
    """T136: in the portal, in an export, against the anchors and against an export from before."""
    before = log.export("before.jsonl")
    log.anchor()
    log.rewrite("UPDATE audit.event SET payload = NULL, salt = NULL WHERE seq IN (3, 4)")
    path = log.export("log.jsonl")
    code, said = check(path, "--anchors", log.anchors, "--earlier", before)
    assert code == 0 and "Of 2 events the personal data were erased" in said, said
    assert "1 anchors from outside agree" in said and "10 events are the same" in said
    assert log.verdict().intact and log.verdict().anchored == 1
    log.record(1)
    assert log.anchor().seq == 11


def test_an_empty_selection_is_no_lie(log):
    code, said = check(log.export("log.jsonl", LogFilter(actions=("sign-out",))))
    assert code == 0 and "0 events" in said, said
