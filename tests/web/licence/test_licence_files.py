"""Licence files of companies that run their own portal: issued, put in, looked at again, and what a bad one does."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select, update

from portal.domain.licence_files import Terms, Verdict
from portal.domain.licences import LicenceKind
from portal.domain.provisioning import DirectoryPerson
from portal.domain.refusals import Reason, Refusal
from portal.integrations import licence_documents
from portal.integrations.signatures import Signer, _text, key_id
from portal.jobs import company_life
from portal.models import AuditEvent, Company, LicenceFile
from portal.services import companies, licence_files, licences, people, provisioned_people

ISSUER, STRANGER = (
    Signer(key, (_text(key.public_key()),)) for key in (Ed25519PrivateKey.generate() for _ in "12")
)
TODAY, LAST = date(2026, 6, 15), date(2026, 12, 31)


@pytest.fixture
def own(staffroom):
    """A portal that knows one issuer of licence files."""
    outside = staffroom.outside
    object.__setattr__(outside, "licence_keys", (ISSUER.public,))
    yield outside
    object.__setattr__(outside, "licence_keys", ())


def terms(own, clock, **other) -> Terms:
    here = licence_files.deployment_id(own)
    told = {"number": uuid4(), "company": "acme", "deployment": here, "plan": "Staffroom", "persons": 10}
    told |= {"valid_from": TODAY, "valid_until": LAST, "issued_at": clock.now()}
    return Terms(**told | other)


def a_file(own, clock, signer=ISSUER, **other) -> str:
    return licence_documents.write(terms(own, clock, **other), signer)


def put_in(client, text: str):
    return client.send("licence/file", {"file": (io.BytesIO(text.encode()), "acme.licence")})


def company(as_, cast) -> Company:
    with as_(cast.ana) as uow:
        return uow.session.get(Company, cast.acme.id)


def look_again(app) -> None:
    with app.app_context():
        company_life.run()


def test_a_portal_without_an_issuer_asks_for_nothing(client, cast, as_):
    page = client.sign_in(cast.ana).page("licence")
    assert "icence file" not in page
    assert client.get(client.url("licence/file")).status_code == 404
    assert client.send("licence/file").status_code == 404
    with as_(cast.ana) as uow, pytest.raises(Refusal) as refused:
        licence_files.install(uow, "{}")
    assert refused.value.reason is Reason.LICENCE_FILE_ISSUER_UNKNOWN


def test_an_admin_puts_a_file_in_and_reads_seats_and_dates(client, cast, own, clock, as_):
    page = client.sign_in(cast.ana).page("licence/file")
    assert "works in full without one" in page
    assert licence_files.deployment_id(own) in page
    assert put_in(client, a_file(own, clock)).status_code == 303
    page = client.page("licence/file")
    for words in ("5 of 10", "31 Dec 2026", "In force"):
        assert words in page
    assert "5 of 10" in client.page("licence")
    row = company(as_, cast)
    assert (row.licence_kind, row.licence_ends_on) == (LicenceKind.FILE, LAST)
    with as_(cast.ana) as uow:
        told = list(uow.session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq.desc()).limit(2)))
    assert told == ["licence.changed", "licence-file.installed"]
    assert "Licence file installed" in client.page("audit")


BAD = {
    "no file": (lambda _own, _clock: "hello", "This is no licence file"),
    "cut off": (lambda own, clock: a_file(own, clock)[:-30], "This is no licence file"),
    "endless": (lambda _own, _clock: "[" * 9000, "This is no licence file"),
    "one field more": (
        lambda own, clock: json.dumps(json.loads(a_file(own, clock)) | {"more": 1}),
        "This is no licence file",
    ),
    "more people": (
        lambda own, clock: a_file(own, clock).replace('"persons": 10', '"persons": 99'),
        "The signature does not fit",
    ),
    "no signature": (
        lambda own, clock: json.dumps(json.loads(a_file(own, clock)) | {"signature": None}),
        "The signature does not fit",
    ),
    "a stranger's": (lambda own, clock: a_file(own, clock, STRANGER), "no issuer that this portal knows"),
    "a stranger's, with the issuer's name": (
        lambda own, clock: a_file(own, clock, STRANGER).replace(
            key_id(STRANGER.public), key_id(ISSUER.public)
        ),
        "The signature does not fit",
    ),
    "other portal": (lambda own, clock: a_file(own, clock, deployment="0000"), "is for the portal 0000"),
    "other company": (lambda own, clock: a_file(own, clock, company="beta"), "for another company, beta"),
    "over": (
        lambda own, clock: a_file(own, clock, valid_from=date(2025, 1, 1), valid_until=date(2026, 6, 14)),
        "last day was 14 Jun 2026",
    ),
    "not yet": (lambda own, clock: a_file(own, clock, valid_from=date(2026, 6, 16)), "from 16 Jun 2026 on"),
    "made later": (
        lambda own, clock: a_file(own, clock, issued_at=clock.now() + timedelta(days=2)),
        "The clock of this portal",
    ),
}


@pytest.mark.parametrize(("make", "words"), BAD.values(), ids=list(BAD))
def test_a_file_that_does_not_count_says_why_and_changes_nothing(client, cast, own, clock, as_, make, words):
    client.sign_in(cast.ana)
    answer = put_in(client, make(own, clock))
    assert answer.status_code == 422
    assert words in answer.text
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(LicenceFile)).all() == []
    assert company(as_, cast).licence_kind is LicenceKind.UNLIMITED


def test_a_file_that_a_later_one_replaced_does_not_come_back(client, cast, own, clock, as_):
    """T196: of two good files the one that was issued last counts, also after the operator took it away."""
    before = a_file(own, clock, persons=500, issued_at=clock.now() - timedelta(days=1))
    latest = a_file(own, clock, persons=10)
    client.sign_in(cast.ana)
    for text, status in ((before, 303), (latest, 303), (before, 422), (latest, 303)):
        assert put_in(client, text).status_code == status
    assert "issued before the one" in put_in(client, before).text
    with as_(cast.ana) as uow:
        uow.company = companies.company_facts(cast.acme.id) or uow.company
        assert licences.persons(uow) == 10
        licence_files.take_away(uow)
    assert put_in(client, before).status_code == 422
    assert company(as_, cast).licence_kind is LicenceKind.UNLIMITED


def test_without_a_file_or_a_right_nothing_is_put_in(client, cast, own, clock):
    client.sign_in(cast.ana)
    assert client.send("licence/file").status_code == 422
    client.sign_in(cast.eve)
    assert put_in(client, a_file(own, clock)).status_code == 403


def test_a_full_licence_keeps_newcomers_out_and_nobody_else(client, cast, own, clock, as_):
    with as_(cast.ana) as uow:
        licence_files.install(uow, a_file(own, clock, persons=6))
        licences.refuse_newcomers(uow)
        for number, most in ((2, 6), (1, 5)):
            if most == 5:
                licence_files.install(uow, a_file(own, clock, persons=5))
            with pytest.raises(Refusal) as refused:
                licences.refuse_newcomers(uow, number)
            assert (refused.value.reason, refused.value.details["persons"]) == (Reason.LICENCE_FULL, most)
    assert "No more people can be added" in client.sign_in(cast.ana).page("licence/file")
    assert "Nothing can be changed" not in client.sign_in(cast.eve).page("absences")


def test_who_comes_back_takes_a_place_too(client, cast, own, clock, as_):
    """T192: somebody let go, another one in their place, the first one taken back by HR or the directory."""
    eve = cast.eve.employee_id
    with as_(cast.ana) as uow:
        people.deactivate(uow, eve)
        licence_files.install(uow, a_file(own, clock, persons=4))
        with pytest.raises(Refusal) as refused:
            provisioned_people.replace(uow, eve, DirectoryPerson("eve@acme.example", "Eve", "Malá"))
        assert refused.value.reason is Reason.LICENCE_FULL
    client.sign_in(cast.ana)
    assert client.send(f"people/{eve}/reactivation").status_code == 422
    with as_(cast.ana) as uow:
        assert licences.seats(uow) == 4
        licence_files.install(uow, a_file(own, clock, persons=5))
    for _ in range(2):  # whoever is there takes no second place
        assert client.send(f"people/{eve}/reactivation").status_code == 303
    with as_(cast.ana) as uow:
        assert licences.seats(uow) == 5


def test_after_its_end_the_ladder_begins_and_reading_goes_on_for_good(client, cast, app, own, clock, as_):
    with as_(cast.ana) as uow:
        licence_files.install(uow, a_file(own, clock, valid_until=date(2026, 6, 20)))
    assert "The licence file ends on 20 Jun 2026" in client.sign_in(cast.ana).page("absences")
    assert "The licence file ends" not in client.sign_in(cast.eve).page("absences")
    start = clock.now()
    for days, words in (
        (6, "after 4 Jul 2026"),
        (13, "nobody can be added"),
        (400, "The portal is read only"),
    ):
        clock.move_to(start + timedelta(days=days))
        look_again(app)
        client.sign_in(cast.ana)
        assert words in client.page("people"), days
    assert "last day was 20 Jun 2026" in client.page("licence/file")
    assert put_in(client, a_file(own, clock, valid_until=date(2028, 1, 1))).status_code == 303
    assert "read only" not in client.page("people")


def test_what_is_tampered_with_behind_the_portal_is_found_and_put_right(client, cast, app, own, clock, as_):
    """A later day in the company's row; then another number of people in the file itself."""
    with as_(cast.ana) as uow:
        licence_files.install(uow, a_file(own, clock))
        uow.session.execute(update(Company).values(licence_ends_on=date(2099, 1, 1)))
    look_again(app)
    assert company(as_, cast).licence_ends_on == LAST
    with as_(cast.ana) as uow:
        row = uow.session.scalars(select(LicenceFile)).one()
        row.content = row.content.replace('"persons": 10', '"persons": 500')
    look_again(app)
    look_again(app)
    client.sign_in(cast.ana)
    assert company(as_, cast).licence_ends_on == TODAY - timedelta(days=1)
    assert "The signature does not fit" in client.page("licence/file")
    assert "The licence file does not count any more" in client.page("absences")
    with as_(cast.ana) as uow:
        told = select(AuditEvent).where(AuditEvent.action == "licence-file.checked")
        assert len(uow.session.scalars(told).all()) == 1


def test_a_clock_set_back_gains_nothing_and_put_right_loses_nothing(client, cast, app, own, clock, as_):
    text = a_file(own, clock)
    with as_(cast.ana) as uow:
        licence_files.install(uow, text)
    start = clock.now()
    clock.move_to(start + timedelta(days=60))
    look_again(app)
    clock.move_to(start + timedelta(days=10))
    look_again(app)
    assert company(as_, cast).licence_ends_on == TODAY + timedelta(days=9)
    client.sign_in(cast.ana)
    assert "The clock of this portal says" in client.page("licence/file")
    assert "The clock of this portal says" in put_in(client, text).text, "the same file does not cure it"
    clock.move_to(start + timedelta(days=61))
    look_again(app)
    assert company(as_, cast).licence_ends_on == LAST
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(LicenceFile.verdict)).one() is Verdict.VALID


def test_the_operator_issues_installs_shows_and_takes_away(app, own, clock, cast, as_, tmp_path, staffroom):
    """By commands, from one portal to itself: it is its own issuer here."""
    own_key = Signer.of(own.master_keys).public
    object.__setattr__(own, "licence_keys", (own_key,))
    run, file = app.test_cli_runner().invoke, tmp_path / "acme.licence"
    number = licence_files.deployment_id(own)
    issue = ["licence", "issue", str(file), "--company", "acme", "--deployment", number, "--persons", "20"]
    made = run(args=[*issue, "--until", "2027-06-30"])
    assert made.exit_code == 0, made.output
    assert own_key in made.output
    assert run(args=[*issue, "--until", "2027-06-30"]).exit_code == 2, "nothing is written over"
    put = run(args=["licence", "install", str(file), "--company", "acme"])
    assert "5 of 20 people, until 2027-06-30" in put.output, put.output
    shown = run(args=["licence", "show"])
    assert shown.exit_code == 0
    assert number in shown.output
    assert "days left" in shown.output
    wrong = run(args=["licence", "install", str(file), "--company", "beta"])
    assert wrong.exit_code == 2
    assert "for another company, acme" in wrong.output
    clock.advance(timedelta(days=500))
    shown = run(args=["licence", "show"])
    assert shown.exit_code == 1
    assert "DOES NOT COUNT" in shown.output
    assert run(args=["licence", "remove", "acme"]).exit_code == 0
    assert company(as_, cast).licence_kind is LicenceKind.UNLIMITED
    assert run(args=["licence", "remove", "acme"]).exit_code == 2
