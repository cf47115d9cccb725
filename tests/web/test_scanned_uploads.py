"""Whatever comes in by a form is shown to the virus scanner: refused, kept, or held back until it has answered."""

from __future__ import annotations

import io
import logging
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from portal.domain.scans import ScanState
from portal.domain.sso import ProviderKind, ProviderState
from portal.integrations.antivirus import Clamd
from portal.integrations.evidence import EvidenceFolder
from portal.integrations.signatures import _text
from portal.jobs import file_scans
from portal.models import AbsenceProof, AuditEvent, Document, DocumentVersion, OutboxMessage
from portal.models.backup import OperatorAlarm
from portal.services import data_map, person_data
from portal.services.absence_wishes import Wish
from portal.services.sickness import reporting
from tests.factories.absences import sickness_type
from tests.factories.identity_providers import make_provider
from tests.fixtures.scanner import MOST_BYTES, VIRUS, VIRUS_NAME

BLUEPRINTS = Path(__file__).parents[2] / "portal" / "blueprints"
SOUND = b"A sound text.\n"
AWAY = Clamd(path="/nonexistent/clamd.sock")


@pytest.fixture
def scan_by(staffroom, monkeypatch):
    """Sets the scanner of the portal."""

    def use(scanner):
        monkeypatch.setitem(vars(staffroom), "outside", replace(staffroom.outside, antivirus=scanner))

    return use


@pytest.fixture
def scanned(clamd, scan_by):
    scan_by(clamd.scanner)
    return clamd


@pytest.fixture
def document_id(client, cast):
    chosen = uuid4()
    assert add(client.sign_in(cast.ana), SOUND, document_id=chosen).status_code == 303
    return chosen


@pytest.fixture
def ill(as_, cast):
    with as_(cast.ana) as uow:
        kind = sickness_type(uow, proof_from_days=4)
    with as_(cast.eve) as uow:
        return reporting.report(uow, uuid4(), Wish(kind, date(2026, 6, 15), date(2026, 6, 19))).absence.id


def file(content, name="note.txt"):
    return {"file": (io.BytesIO(content), name)}


def sent(client, path, content, name="note.txt", **more):
    return client.send(path, {**more, **file(content, name)}, content_type="multipart/form-data")


def add(client, content, *, document_id=None, name="note.txt"):
    more = {"document_id": str(document_id or uuid4()), "title": "House rules", "description": ""}
    return sent(client, "documents/all", content, name, **more)


def versions(as_, cast):
    with as_(cast.ana) as uow:
        return list(uow.session.scalars(select(DocumentVersion).order_by(DocumentVersion.number)))


def look(app, *, old_too):
    with app.app_context():
        return file_scans.run(app, old_too=old_too)


def tell(app, company_id):
    with app.app_context():
        file_scans.tell_of_infected(app, company_id)


def events(as_, cast, *actions):
    with as_(cast.ana) as uow:
        return list(uow.session.scalars(select(AuditEvent).where(AuditEvent.action.in_(actions))))


#: Every field that takes a file, by the form in which it stands: where Ana sends it, named how, with what.
FIELDS = {
    "documents UploadForm": ("documents/all", "note.txt", {"title": "Rules", "document_id": str(uuid4())}),
    "documents VersionForm": ("documents/all/{document}/versions", "note.txt", {"seen": "1"}),
    "holidays FileForm": ("holidays/import-previews", "days.csv", {"site": ""}),
    "licence LicenceFileForm": ("licence/file", "acme.licence", {}),
    "people PhotoForm": ("people/{ana}/photo", "me.jpg", {}),
    "people UploadForm": ("people/import-previews", "people.csv", {}),
    "sickness ProofForm": ("absences/{ill}/proofs", "note.txt", {"key": str(uuid4())}),
    "sso_settings MetadataForm": (
        "settings/sign-in/providers/{provider}/metadata-reading",
        "metadata.xml",
        {},
    ),
}
#: Kept, so that they can wait; all others are refused when the scanner does not answer.
KEPT = {"documents UploadForm", "documents VersionForm", "sickness ProofForm"}


def test_every_field_for_a_file_is_known_here():
    """A new one is added to FIELDS, and then it is scanned or the tests below fail."""
    found = set()
    for path in BLUEPRINTS.rglob("*.py"):
        text = path.read_text()
        assert "request.files" not in text, f"{path} takes a file without a field"
        for name, body in re.findall(r"^class (\w+)\(.*?\):\n(.*?)(?=^class |\Z)", text, re.S | re.M):
            if re.search(r"= (Multiple)?FileField\(", body):
                found.add(f"{path.relative_to(BLUEPRINTS).parts[0]} {name}")
    assert found == set(FIELDS)


@pytest.fixture
def send(client, cast, as_, staffroom, monkeypatch, ill, document_id):
    """Sends a file to one of the fields, where all of them are open."""
    public = _text(Ed25519PrivateKey.generate().public_key())
    monkeypatch.setitem(vars(staffroom), "outside", replace(staffroom.outside, licence_keys=(public,)))
    with as_(cast.ana) as uow:
        row = make_provider(uow, ProviderKind.SAML, "Acme login", state=ProviderState.DRAFT, settings={})
        row.secret_sealed = None
    places = {"ill": ill, "document": document_id, "provider": row.id, "ana": cast.ana.employee_id}

    def send(field, content):
        path, name, more = FIELDS[field]
        return sent(client, path.format(**places), content, name, **more)

    return send


@pytest.mark.parametrize("field", sorted(FIELDS))
def test_an_infected_file_is_refused_named_and_on_record(field, client, cast, as_, send, clamd, scan_by):
    """T163."""
    scan_by(clamd.scanner)
    before = len(versions(as_, cast))
    answer = send(field, SOUND + VIRUS)
    if answer.status_code == 303:
        answer = client.get(answer.headers["Location"])
    else:
        assert answer.status_code == 422
    assert VIRUS_NAME in answer.text
    assert len(versions(as_, cast)) == before
    (event,) = events(as_, cast, "file.infected")
    assert VIRUS_NAME in event.payload
    assert ("note.txt" in event.payload) is (field in KEPT - {"sickness ProofForm"})
    with as_(cast.ana) as uow:
        assert uow.session.scalar(select(AbsenceProof)) is None


@pytest.mark.parametrize("field", sorted(set(FIELDS) - KEPT))
def test_what_is_only_read_is_not_read_unseen(field, send, scan_by):
    """T163: the scanner is away."""
    scan_by(AWAY)
    answer = send(field, SOUND)
    assert answer.status_code == 422
    assert "The antivirus does not answer" in answer.text


def test_a_clean_file_goes_its_way(client, cast, as_, scanned, document_id):
    (version,) = versions(as_, cast)
    assert version.scan_state is ScanState.CLEAN
    assert client.get(client.url(f"documents/versions/{version.id}/file")).data == SOUND


def test_without_a_scanner_files_are_taken_as_they_come(client, cast, as_, app, document_id):
    (version,) = versions(as_, cast)
    assert version.scan_state is ScanState.NOT_SCANNED
    assert client.get(client.url(f"documents/versions/{version.id}/file")).data == SOUND
    assert "This installation runs without it." in client.get("/trust").text


def test_a_document_waits_until_the_scanner_is_back(client, cast, as_, app, clamd, scan_by, caplog):
    """T163: kept sealed, handed to nobody, shown plainly, tried again, and let out."""
    scan_by(AWAY)
    chosen = uuid4()
    client.sign_in(cast.ana)
    assert add(client, SOUND, document_id=chosen).status_code == 303
    (version,) = versions(as_, cast)
    assert version.scan_state is ScanState.QUARANTINED
    page = client.page(f"documents/all/{chosen}")
    assert "In quarantine" in page and "has not looked at this file yet" in page
    assert "once the antivirus has looked at it" in page and "Hand it out" not in page
    place = client.url(f"documents/versions/{version.id}/file")
    assert place not in page
    assert client.get(place).status_code == 409
    hand_out = {"distribution_id": str(uuid4()), "team": ""}
    refused = client.send(f"documents/all/{chosen}/distributions", hand_out)
    assert refused.status_code == 422 and "has not looked at this file yet" in refused.text
    with caplog.at_level(logging.ERROR, "portal.operator"):
        away = look(app, old_too=True)
    assert (away.good, away.waiting) == (False, 1)
    assert "The antivirus does not answer" in caplog.text
    scan_by(clamd.scanner)
    assert look(app, old_too=False).waiting == 0
    assert client.get(place).data == SOUND
    assert client.send(f"documents/all/{chosen}/distributions", hand_out).status_code == 303
    assert len(events(as_, cast, "file.released")) == 1


def test_what_is_found_later_stays_with_nobody(client, cast, as_, app, clamd, scan_by):
    """T163: the uploader hears of it, the operator too; it is never handed out."""
    scan_by(AWAY)
    chosen = uuid4()
    client.sign_in(cast.ana)
    assert add(client, SOUND + VIRUS, document_id=chosen).status_code == 303
    scan_by(clamd.scanner)
    assert look(app, old_too=True).waiting == 0
    (version,) = versions(as_, cast)
    assert version.scan_state is ScanState.INFECTED
    assert client.get(client.url(f"documents/versions/{version.id}/file")).status_code == 409
    assert "Harmful" in client.page(f"documents/all/{chosen}")
    with as_(cast.ana) as uow:
        letter = uow.session.scalars(
            select(OutboxMessage).where(OutboxMessage.template == "file_infected")
        ).one()
        assert letter.employee_id == cast.ana.employee_id
    (event,) = events(as_, cast, "file.infected")
    assert event.subject_id == version.id and VIRUS_NAME in event.payload
    assert look(app, old_too=True).waiting == 0
    assert len(events(as_, cast, "file.infected")) == 1


def test_a_proof_in_quarantine_is_shown_to_nobody_and_in_no_copy(client, cast, as_, app, clamd, scan_by, ill):
    """T163, T87."""
    scan_by(AWAY)
    client.sign_in(cast.eve)
    key = str(uuid4())
    assert sent(client, f"absences/{ill}/proofs", SOUND, key=key).status_code == 303
    assert "In quarantine" in client.page(f"absences/{ill}")
    place = client.url(f"absence-proofs/{key}/file")
    assert client.get(place).status_code == 409
    client.sign_in(cast.ana)
    assert client.get(place).status_code == 409
    assert client.send(f"absence-proofs/{key}/acceptance", {}).status_code == 409
    assert copy_of(as_, cast) == []
    scan_by(clamd.scanner)
    look(app, old_too=True)
    assert client.get(place).data == SOUND
    assert copy_of(as_, cast) == [SOUND]
    (event,) = events(as_, cast, "file.released")
    assert "note.txt" not in event.payload


def copy_of(as_, cast):
    with as_(cast.eve) as uow:
        copy = person_data.read(uow, data_map.CARDS["absence_proof"], cast.eve.employee_id)
        return [one.content for one in copy.files]


def test_over_the_scanners_limit_it_waits_and_never_slips_through(client, cast, as_, app, scanned, clock):
    """T163: "size limit exceeded". A day later it is asked about once an hour."""
    client.sign_in(cast.ana)
    large = (SOUND * (MOST_BYTES // len(SOUND) + 2000)) + VIRUS
    assert add(client, large).status_code == 303
    assert add(client, SOUND, name="after.txt").status_code == 303
    for _ in range(2):
        found = look(app, old_too=True)
        assert (found.good, found.waiting) == (True, 1)
    states = {one.file_name: one.scan_state for one in versions(as_, cast)}
    assert states == {"note.txt": ScanState.QUARANTINED, "after.txt": ScanState.CLEAN}


def test_a_day_later_it_is_asked_about_once_an_hour(client, cast, as_, app, clamd, scan_by, clock):
    scan_by(AWAY)
    assert add(client.sign_in(cast.ana), SOUND).status_code == 303
    scan_by(clamd.scanner)
    (version,) = versions(as_, cast)
    clock.move_to(version.created_at + timedelta(days=1, minutes=1))
    assert look(app, old_too=False).waiting == 1
    assert look(app, old_too=True).waiting == 0


def test_an_infected_document_leaves_no_trace_but_the_event(client, cast, as_, scanned, staffroom):
    client.sign_in(cast.ana)
    kept = set(staffroom.outside.files.keys(cast.acme.id))
    assert add(client, VIRUS).status_code == 422
    assert set(staffroom.outside.files.keys(cast.acme.id)) == kept
    with as_(cast.ana) as uow:
        assert uow.session.scalar(select(Document)) is None


def test_the_operator_hears_once_a_day_for_each_company(app, cast, clock, caplog, staffroom):
    with caplog.at_level(logging.ERROR, "portal.operator"):
        for _ in range(3):
            tell(app, str(cast.acme.id))
        assert caplog.text.count("in the company acme") == 1
        tell(app, str(cast.beta.id))
        clock.move_to(clock.now() + timedelta(days=1))
        tell(app, str(cast.acme.id))
    assert caplog.text.count("in the company acme") == 2
    assert caplog.text.count("in the company beta") == 1


def test_the_evidence_says_whether_it_finds_what_it_should(client, cast, app, scanned, staffroom, scan_by):
    look(app, old_too=True)
    folder = EvidenceFolder(staffroom.settings.instance / "evidence")
    assert folder.read("antivirus")["passed"] is True
    assert "The harmless test file was" in client.get("/trust").text
    scan_by(AWAY)
    look(app, old_too=True)
    assert folder.read("antivirus")["passed"] is False
    (folder.folder / "antivirus.json").unlink()
    scan_by(replace(scanned.scanner))
    look(app, old_too=True)


def test_an_alarm_is_over_when_the_scanner_is_back(app, cast, as_, clamd, scan_by):
    scan_by(AWAY)
    look(app, old_too=False)
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(OperatorAlarm.kind)).all() == ["antivirus-away"]
    scan_by(clamd.scanner)
    look(app, old_too=False)
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(OperatorAlarm.kind)).all() == []
