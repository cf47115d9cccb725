"""Another e-mail address is another way to somebody's password, so both mailboxes hear of it."""

from __future__ import annotations

import io
import json
import re

import pytest
from sqlalchemy import delete, text

from portal.integrations.letters import render_letter
from portal.models import Identity
from tests.fixtures.letters import latest, subjects
from tests.web.people.test_edit import record_of

NEW = "eve.two@acme.example"
HEAD = "email,first_name,last_name,employee_number,start_date,weekly_hours\n"


def by_form(client, cast, as_) -> None:
    record = record_of(as_, cast, cast.eve.employee_id)
    answer = client.send(f"people/{cast.eve.employee_id}", {**record, "email": NEW, "language": "en"})
    assert answer.status_code == 303


def by_file(client, cast, as_) -> None:
    with as_(cast.ana) as uow:
        number = "UPDATE employee SET employee_number = '7' WHERE id = :id"
        uow.session.execute(text(number), {"id": cast.eve.employee_id})
    row = f"{NEW},Eve,{cast.eve.name.split()[-1]},7,2020-01-01,40\n"
    page = client.send("people/import-previews", {"file": (io.BytesIO((HEAD + row).encode()), "p.csv")})
    assert page.status_code == 200, page.text
    kept = re.search(r'name="kept"[^>]*value="([^"]+)"', page.text)
    assert client.send("people/imports", {"kept": kept[1]}).status_code == 303


@pytest.mark.parametrize("change", [by_form, by_file])
def test_the_old_and_the_new_mailbox_are_told(client, cast, as_, change):
    """T60, ASVS 6.3.7: whoever moves somebody's sign-in, its owner reads of it where they read before."""
    change(client.sign_in(cast.ana), cast, as_)
    with as_(cast.ana) as uow:
        for mailbox in (cast.eve.email, NEW):
            letter = latest(uow, mailbox)
            assert "Your e-mail address" in letter.subject
            assert cast.eve.email in letter.text and NEW in letter.text
        event = uow.session.execute(
            text(
                "SELECT payload FROM audit.event WHERE action = 'employee.changed' ORDER BY seq DESC LIMIT 1"
            )
        ).scalar_one()
    assert json.loads(event)["changes"]["email"] == [cast.eve.email, NEW]


def test_the_same_address_again_tells_nobody(client, cast, as_):
    record = record_of(as_, cast, cast.eve.employee_id)
    client.sign_in(cast.ana)
    assert client.send(f"people/{cast.eve.employee_id}", {**record, "job_title": "Nurse"}).status_code == 303
    with as_(cast.ana) as uow:
        assert subjects(uow, cast.eve.email) == []


def test_a_refused_change_tells_nobody(client, cast, as_):
    record = record_of(as_, cast, cast.eve.employee_id)
    client.sign_in(cast.ana)
    answer = client.send(f"people/{cast.eve.employee_id}", {**record, "email": cast.mats.email})
    assert answer.status_code == 422
    with as_(cast.ana) as uow:
        assert subjects(uow, cast.eve.email) == subjects(uow, cast.mats.email) == []


def test_a_corrected_slip_before_any_invitation_tells_no_stranger(client, cast, as_):
    """The mailbox of a mistyped address is somebody else's: it learns neither the name nor the right address."""
    with as_(cast.ana) as uow:
        uow.session.execute(delete(Identity).where(Identity.employee_id == cast.eve.employee_id))
    by_form(client.sign_in(cast.ana), cast, as_)
    with as_(cast.ana) as uow:
        assert subjects(uow, cast.eve.email) == subjects(uow, NEW) == []


@pytest.mark.parametrize("language", ["en", "cs", "de"])
def test_the_letter_is_written_in_the_readers_language(language):
    context = {
        "company_name": "Acme",
        "person_name": "Eve",
        "changed_at": "3 May",
        "old": "a@x.example",
        "new": "b@x.example",
        "link": "https://x.example/",
    }
    letter = render_letter("email_changed", language, context)
    assert "Acme" in letter.subject
    assert ("Hello" in letter.text) is (language == "en")
    assert "a@x.example" in letter.text and "b@x.example" in letter.text
