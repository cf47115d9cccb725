"""HR adds a document and hands it out; the right people get it, once."""

from __future__ import annotations

import io
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from portal.integrations.bucket_store import BucketStore
from portal.integrations.s3 import Bucket, Credential
from portal.integrations.storage import StorageFull
from portal.models import (
    Distribution,
    DistributionRecipient,
    Document,
    DocumentVersion,
    Employee,
    OutboxMessage,
)

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\nxref\n0 4\n0000000000 65535 f \n"
    b"0000000009 00000 n \n0000000053 00000 n \n0000000104 00000 n \ntrailer<</Size 4/Root 1 0 R>>\n"
    b"startxref\n166\n%%EOF\n"
)


def upload(client, *, title="House rules", content=PDF, name="rules.pdf", document_id=None):
    data = {
        "document_id": str(document_id or uuid4()),
        "title": title,
        "description": "",
        "file": (io.BytesIO(content), name),
    }
    return client.send("documents/all", data, content_type="multipart/form-data")


@pytest.fixture
def document_id(client, cast):
    client.sign_in(cast.ana)
    chosen = uuid4()
    assert upload(client, document_id=chosen).status_code == 303
    return chosen


def hand_out(client, document_id, **data):
    return client.send(
        f"documents/all/{document_id}/distributions", {"distribution_id": str(uuid4()), "team": "", **data}
    )


def count(as_, member, model):
    with as_(member) as uow:
        return uow.session.scalar(select(func.count()).select_from(model))


def test_it_keeps_the_file_sealed(client, cast, as_, document_id, app):
    with as_(cast.ana) as uow:
        version = uow.session.scalars(
            select(DocumentVersion).where(DocumentVersion.document_id == document_id)
        ).one()
        stored = uow.outside.files.get(cast.acme.id, UUID(version.storage_key))
    assert b"%PDF" not in stored
    assert client.get(client.url(f"documents/versions/{version.id}/file")).data == PDF


def test_sent_twice_it_is_added_once(client, cast, as_):
    """T157."""
    client.sign_in(cast.ana)
    chosen = uuid4()
    upload(client, document_id=chosen)
    assert upload(client, document_id=chosen).status_code == 303
    assert count(as_, cast.ana, Document) == 1


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "empty.pdf", "empty"),
        (b"<html><script>alert(1)</script></html>", "page.pdf", "not what its name says"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "picture.svg", "not accepted"),
        (
            PDF.replace(b"/Type/Catalog", b"/Type/Catalog/OpenAction<</S/Launch/F(x)>>"),
            "launch.pdf",
            "scripts",
        ),
    ],
)
def test_a_bad_file_is_refused_at_its_field(client, cast, as_, content, name, said):
    """T161."""
    answer = upload(client.sign_in(cast.ana), content=content, name=name)
    assert answer.status_code == 422
    assert said in answer.text
    assert count(as_, cast.ana, Document) == 0


def test_a_full_disk_leaves_no_row(client, cast, as_, app, monkeypatch):
    """T148."""
    store = type(app.extensions["staffroom"].outside.files)

    def full(*_arguments):
        raise StorageFull

    monkeypatch.setattr(store, "put", full)
    assert upload(client.sign_in(cast.ana)).status_code == 507
    assert count(as_, cast.ana, Document) == 0


def test_a_bucket_out_of_reach_leaves_no_row(client, cast, as_, staffroom, monkeypatch):
    """The page says that it can be tried again."""
    nobody = BucketStore(Bucket("files", "", Credential("portal", "secret"), "http://127.0.0.1:9"))
    monkeypatch.setitem(vars(staffroom), "outside", replace(staffroom.outside, files=nobody))
    answer = upload(client.sign_in(cast.ana))
    assert answer.status_code == 503
    assert "Nothing of this step was saved" in answer.text
    assert count(as_, cast.ana, Document) == 0


def test_a_refused_upload_leaves_no_file(client, cast, app, monkeypatch):
    files = app.extensions["staffroom"].outside.files
    before = sorted(path for path in files.root.rglob("*") if path.is_file())

    def refused(*_arguments, **_columns):
        raise RuntimeError

    monkeypatch.setattr(DocumentVersion, "__init__", refused)
    assert upload(client.sign_in(cast.ana)).status_code == 500
    assert sorted(path for path in files.root.rglob("*") if path.is_file()) == before


def test_a_team_gets_it_by_letter(client, cast, as_, document_id):
    before = count(as_, cast.ana, OutboxMessage)
    answer = hand_out(client, document_id, team=str(cast.teams["care"]), due_date="2026-06-30")
    assert answer.status_code == 303
    with as_(cast.ana) as uow:
        reached = set(uow.session.scalars(select(DistributionRecipient.employee_id)))
    assert reached == {cast.mats.employee_id, cast.eve.employee_id, cast.pia.employee_id}
    assert count(as_, cast.ana, OutboxMessage) == before + 3


def test_another_companys_team_is_refused(client, cast, as_, document_id):
    """T100."""
    assert hand_out(client, document_id, team=str(cast.teams["crew"])).status_code == 422
    assert count(as_, cast.ana, Distribution) == 0


def test_a_date_in_the_past_is_refused(client, cast, as_, document_id):
    answer = hand_out(client, document_id, due_date="2025-01-01")
    assert answer.status_code == 422
    assert "too far away" in answer.text
    assert count(as_, cast.ana, Distribution) == 0


def test_only_hr_hands_out(client, cast, document_id):
    for member in (cast.eve, cast.mats, cast.pia):
        client.sign_in(member)
        assert client.get(client.url("documents/all")).status_code == 403
        assert upload(client).status_code == 403
        assert hand_out(client, document_id).status_code == 403


def test_reminders_go_to_the_others_once_a_day(client, cast, as_, clock, document_id):
    hand_out(client, document_id)
    with as_(cast.ana) as uow:
        distribution_id = uow.session.scalars(select(Distribution.id)).one()
    before = count(as_, cast.ana, OutboxMessage)
    path = f"documents/distributions/{distribution_id}/reminders"
    assert client.send(path).status_code == 303
    assert count(as_, cast.ana, OutboxMessage) == before + 5
    assert client.send(path).status_code == 422
    assert count(as_, cast.ana, OutboxMessage) == before + 5


def test_a_new_version_that_was_overtaken_is_refused(client, cast, document_id):
    """T158."""

    def add(seen):
        data = {"seen": str(seen), "file": (io.BytesIO(PDF + b"\n"), "rules.pdf")}
        return client.send(f"documents/all/{document_id}/versions", data, content_type="multipart/form-data")

    assert add(1).status_code == 303
    assert add(1).status_code == 422
    assert add(2).status_code == 303


def test_the_pages_take_few_statements(client, cast, as_, statements, document_id):
    hand_out(client, document_id)
    with as_(cast.ana) as uow:
        distribution_id = uow.session.scalars(select(Distribution.id)).one()
    for path in (
        "documents",
        "documents/all",
        f"documents/all/{document_id}",
        f"documents/distributions/{distribution_id}",
    ):
        client.page(path)
        statements.clear()
        client.page(path)
        assert len(statements) <= 8, path


def test_the_csv_holds_no_formula(client, cast, as_, document_id):
    """T168."""
    with as_(cast.ana) as uow:
        eve = uow.session.get(Employee, (cast.acme.id, cast.eve.employee_id))
        eve.first_name = "=HYPERLINK(1)"
    hand_out(client, document_id)
    with as_(cast.ana) as uow:
        distribution_id = uow.session.scalars(select(Distribution.id)).one()
    answer = client.get(client.url(f"documents/distributions/{distribution_id}/people.csv"))
    assert "'=HYPERLINK(1)" in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
