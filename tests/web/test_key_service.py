"""A company whose keys a key service closes: the portal with it, without it for a while, and after it."""

from __future__ import annotations

import io
from dataclasses import replace
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError

from portal.app import create_app
from portal.db import db, open_session
from portal.integrations.keys import KeysUnsafe, KeyWrapping, kms
from portal.models import AuditEvent, Document, Employee
from portal.models.company import CompanyKey
from portal.services import companies, sealing
from tests.fixtures.cast import make_cast
from tests.fixtures.key_service import KeyService
from tests.fixtures.portal import make_settings

PHONE = "+420601123456"


@pytest.fixture
def use(staffroom, monkeypatch):
    """Sets what closes keys."""

    def use(wrapping: KeyWrapping) -> None:
        monkeypatch.setitem(vars(staffroom), "outside", replace(staffroom.outside, key_wrapping=wrapping))

    return use


@pytest.fixture
def wrapping(staffroom, key_service: KeyService):
    master = staffroom.outside.master_keys
    return KeyWrapping("kms", {"master": master, "kms": key_service.wrapper()})


@pytest.fixture
def away(staffroom, key_service: KeyService, nobody):
    master = staffroom.outside.master_keys
    return KeyWrapping("kms", {"master": master, "kms": key_service.wrapper(endpoint=nobody)})


@pytest.fixture
def eves_phone(as_, cast, use, wrapping):
    """Sealed by a key of Acme's that the service closed; whoever wants it needs the service."""
    use(wrapping)
    with as_(cast.ana) as uow:
        sealing.renew_company_key(uow)
        eve = uow.session.get_one(Employee, (cast.acme.id, cast.eve.employee_id))
        eve.phone_sealed = sealing.seal(uow, PHONE, row=Employee, column="phone_sealed", row_id=eve.id)
    return f"people/{cast.eve.employee_id}"


def viewed(as_, cast):
    with as_(cast.ana) as uow:
        query = select(func.count()).where(AuditEvent.action == "employee.viewed-sealed")
        return uow.session.scalar(query)


def test_a_new_key_is_closed_by_the_service(as_, cast, client, eves_phone):
    with as_(cast.ana) as uow:
        newest = uow.session.scalars(select(CompanyKey).order_by(CompanyKey.version.desc())).first()
        assert newest.wrapped_by == "kms"
    client.sign_in(cast.ana)
    assert "601 123 456" in client.send(f"{eves_phone}/phone-views", {}).text
    assert viewed(as_, cast) == 1


def test_without_the_service_sealed_fields_are_not_available_and_all_else_is(
    as_, cast, client, use, away, eves_phone
):
    """P10: nothing is recorded as seen, and it is back by itself."""
    use(away)
    client.sign_in(cast.ana)
    for page in ("", "people", eves_phone, "absences", "documents/all", "audit", "rosters"):
        assert client.get(client.url(page)).status_code == 200, page
    whole = client.send(f"{eves_phone}/phone-views", {})
    part = client.send(f"{eves_phone}/phone-views", {}, htmx=True)
    for answer in (whole, part):
        assert answer.status_code == 200
        assert "not available at the moment" in answer.text
    client.sign_in(cast.eve)
    assert "not available at the moment" in client.page(eves_phone)
    assert viewed(as_, cast) == 0


def test_without_the_service_nothing_is_sealed_and_nothing_is_half_written(
    as_, cast, client, use, away, wrapping, eves_phone, staffroom
):
    use(away)
    client.sign_in(cast.ana)
    kept = set(staffroom.outside.files.keys(cast.acme.id))
    data = {"document_id": str(uuid4()), "title": "Rules", "file": (io.BytesIO(b"A sound text."), "a.txt")}
    refused = client.send("documents/all", data, content_type="multipart/form-data")
    assert refused.status_code == 503
    assert "the key service does not answer. Nothing was changed" in refused.text
    assert refused.headers["Retry-After"] == "60"
    with as_(cast.ana) as uow:
        assert uow.session.scalar(select(Document)) is None
    assert set(staffroom.outside.files.keys(cast.acme.id)) == kept
    use(wrapping)
    data["file"] = (io.BytesIO(b"A sound text."), "a.txt")
    assert client.send("documents/all", data, content_type="multipart/form-data").status_code == 303


def test_without_the_service_initials_stand_in_for_a_photo(
    as_, cast, client, use, away, wrapping, eves_phone
):
    """P10: a page with a photo on it is whole; the photo is back by itself, since nothing of it was kept."""
    client.sign_in(cast.eve)
    drawn = io.BytesIO()
    Image.new("RGB", (400, 400), "teal").save(drawn, "JPEG")
    data = {"file": (io.BytesIO(drawn.getvalue()), "me.jpg")}
    assert client.send(f"{eves_phone}/photo", data, content_type="multipart/form-data").status_code == 303
    use(away)
    answer = client.get(client.url(f"{eves_phone}/photo/small"))
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert ">EM</text>" in answer.text and answer.headers["Cache-Control"] == "no-store"
    use(wrapping)
    assert client.get(client.url(f"{eves_phone}/photo/small")).mimetype == "image/jpeg"


@pytest.fixture
def apart(fresh_database, tmp_path, key_service, clock):
    """A portal of its own with one company; `start` is a new process of it with other settings."""

    started = []

    def start(**changes):
        started.append(create_app(make_settings(fresh_database, tmp_path, **changes), clock=clock))
        return started[-1]

    app = start()
    with app.app_context():
        make_cast(app.extensions["staffroom"])
    yield start
    for app in started:
        with app.app_context():
            db.engine.dispose()


def by(app):
    """What closes the keys of the companies, and whether all open: {name}, exit code."""
    found = set()
    with app.app_context():
        for company in companies.all_companies():
            with open_session(company_id=company.id) as session:
                found |= set(session.scalars(select(CompanyKey.wrapped_by)))
    return found, app.test_cli_runner().invoke(args=["keys", "check"]).exit_code


def test_keys_move_to_the_service_and_back_and_a_wrong_one_stops_the_start(
    apart, key_service, nobody, tmp_path, monkeypatch
):
    """Closed anew is checked and on record; away, the portal starts all the same."""
    monkeypatch.setattr(kms, "MOST_HELD", 0)
    assert by(apart()) == ({"master"}, 0)
    app = apart(kms=key_service.settings())
    assert by(app) == ({"master"}, 0)
    moved = app.test_cli_runner().invoke(args=["keys", "rewrap"])
    assert (moved.exit_code, "acme: 1 closed by kms" in moved.output) == (0, True), moved.output
    assert by(app) == ({"kms"}, 0)
    with app.app_context(), open_session(company_slug="acme") as session:
        assert session.scalars(select(AuditEvent).where(AuditEvent.action == "company.keys-rewrapped")).one()

    with pytest.raises(KeysUnsafe, match="do not open"):
        apart()
    assert by(apart(kms=key_service.settings(endpoint=nobody))) == ({"kms"}, 1)
    refused = (
        apart(kms=key_service.settings(endpoint=nobody)).test_cli_runner().invoke(args=["keys", "rewrap"])
    )
    assert refused.exit_code == 2
    assert "Its keys are as before" in refused.output

    back = apart(kms=key_service.settings(closes=False))
    assert back.test_cli_runner().invoke(args=["keys", "rewrap"]).exit_code == 0
    assert by(apart()) == ({"master"}, 0)
    (tmp_path / "keys" / "master.json").unlink()
    with pytest.raises(KeysUnsafe, match="do not open"):
        apart()


def test_the_app_itself_changes_no_key(as_, cast):
    """Whoever gets in by the web makes nothing unreadable."""
    with (
        as_(cast.ana) as uow,
        pytest.raises(ProgrammingError, match="permission denied"),
        uow.session.begin_nested(),
    ):
        uow.session.execute(text("UPDATE company_key SET wrapped_key = 'x'"))
