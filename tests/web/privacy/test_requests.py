"""From the request to the certificate: the clock of the law, reasons told, two pairs of eyes (P16, Art. 12(3))."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from portal.jobs import erasures
from portal.models import Employee, ErasureRequest, OutboxMessage, Role, RoleGrant
from portal.services import people


@pytest.fixture
def second(cast, as_):
    """Mats is in HR too."""
    with as_(cast.ana) as uow:
        role = uow.session.scalars(select(Role).where(Role.key == "hr")).one()
        uow.session.add(RoleGrant(employee_id=cast.mats.employee_id, role_id=role.id))
    return cast.mats


@pytest.fixture
def asked(client, cast, as_):
    """Eve has asked on her page."""
    assert client.sign_in(cast.eve).send("privacy/erasure").status_code == 303
    with as_(cast.ana) as uow:
        return uow.session.scalars(select(ErasureRequest)).one().id


@pytest.fixture
def left(asked, cast, as_, clock):
    """Eve has left since."""
    with as_(cast.ana) as uow:
        people.deactivate(uow, cast.eve.employee_id)
    clock.advance(timedelta(days=1))
    return asked


def letters(as_, cast, template):
    with as_(cast.ana) as uow:
        return list(
            uow.session.scalars(select(OutboxMessage.employee_id).where(OutboxMessage.template == template))
        )


def state(as_, cast, request_id):
    with as_(cast.ana) as uow:
        found = uow.session.get(ErasureRequest, (cast.acme.id, request_id))
        return found.status, found.due_on, found.version


def test_a_person_asks_and_everybody_who_must_knows(client, cast, as_, asked):
    assert "You have an answer by 15 Jul 2026" in client.page("privacy")
    assert letters(as_, cast, "erasure_received") == [cast.eve.employee_id]
    assert letters(as_, cast, "erasure_asked") == [cast.ana.employee_id]
    page = client.sign_in(cast.ana).page("privacy/requests")
    assert cast.eve.name in page
    assert "30 days left" in page


def test_asking_twice_is_refused_and_taking_back_is_possible(client, cast, as_, asked):
    assert client.send("privacy/erasure").status_code == 422
    assert client.send(f"privacy/erasure/{asked}/withdrawal").status_code == 303
    assert state(as_, cast, asked)[0] == "withdrawn"
    assert client.send("privacy/erasure").status_code == 303


def test_nobody_takes_back_the_request_of_another(client, cast, asked):
    client.sign_in(cast.otto)
    assert client.send(f"privacy/erasure/{asked}/withdrawal").status_code == 404


def test_the_clock_runs_from_the_day_it_arrived(client, cast, as_):
    """A month from 31 May is 30 June; extended it is 31 August (Regulation 1182/71)."""
    client.sign_in(cast.ana)
    sent = client.send("privacy/requests", {"email": "OTTO@acme.example ", "received_on": "2026-05-31"})
    assert sent.status_code == 303
    address = sent.headers["Location"]
    request_id = address.rpartition("/")[2]
    assert state(as_, cast, request_id)[1] == date(2026, 6, 30)
    form = {"extend_form-version": "1", "extend_form-reason": "Many systems"}
    assert client.send(f"{address}/extension", form).status_code == 303
    assert state(as_, cast, request_id)[1] == date(2026, 8, 31)
    assert letters(as_, cast, "erasure_extended") == [cast.otto.employee_id]
    again = {"extend_form-version": "2", "extend_form-reason": "Still many"}
    assert client.send(f"{address}/extension", again).status_code == 422


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"email": "nobody@acme.example", "received_on": "2026-06-01"}, "Nobody who works here"),
        ({"email": "otto@acme.example", "received_on": "2027-06-01"}, "far"),
        ({"email": "otto@acme.example", "received_on": "soon"}, "Not a valid date"),
        ({"email": "", "received_on": "2026-06-01"}, "Whose request is it?"),
    ],
)
def test_what_makes_no_sense_is_said(client, cast, as_, form, said):
    answer = client.sign_in(cast.ana).send("privacy/requests", form)
    assert answer.status_code == 422
    assert said in answer.text
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(ErasureRequest)).all() == []


def test_a_late_answer_is_seen(client, cast, asked, clock):
    clock.advance(timedelta(days=32))
    assert "2 days late" in client.sign_in(cast.ana).page("privacy/requests")


def test_while_somebody_works_here_nothing_is_planned(client, cast, as_, asked):
    client.sign_in(cast.ana)
    assert "This person works here" in client.page(f"privacy/requests/{asked}")
    answer = client.send(f"privacy/requests/{asked}/plan", {"version": "1"})
    assert answer.status_code == 422
    assert state(as_, cast, asked)[0] == "open"


def test_declining_needs_a_reason_and_the_person_reads_it(client, cast, as_, asked):
    client.sign_in(cast.ana)
    empty = client.send(f"privacy/requests/{asked}/refusal", {"decline_form-version": "1"})
    assert empty.status_code == 422
    form = {"decline_form-version": "1", "decline_form-reason": "You work here"}
    assert client.send(f"privacy/requests/{asked}/refusal", form).status_code == 303
    assert state(as_, cast, asked)[0] == "declined"
    assert letters(as_, cast, "erasure_declined") == [cast.eve.employee_id]


def test_two_people_look_before_anything_is_erased(client, cast, as_, left, second, app):
    """ASVS 2.3.5: whoever made the plan does not approve it. Then the worker erases, and a certificate says so."""
    client.sign_in(cast.ana)
    page = client.page(f"privacy/requests/{left}")
    assert "Make this the plan" in page and "somebody else with this right has to approve" in page
    assert "hold nothing" in page and "payload" not in page, (
        "empty places are folded, columns are said in words"
    )
    assert "1 Jan 2030" in page
    assert client.send(f"privacy/requests/{left}/plan", {"version": "1"}).status_code == 303
    own = client.send(f"privacy/requests/{left}/approval", {"version": "2"})
    assert own.status_code == 422
    assert "Somebody else has to approve it" in own.text
    assert client.get(client.url(f"privacy/requests/{left}/certificate.pdf")).status_code == 404
    client.sign_in(second)
    assert "Approve and erase" in client.page(f"privacy/requests/{left}")
    assert client.send(f"privacy/requests/{left}/approval", {"version": "1"}).status_code == 409
    assert client.send(f"privacy/requests/{left}/approval", {"version": "2"}).status_code == 303
    _send_letters(as_, cast)
    with app.app_context():
        erasures.run(str(cast.acme.id), left)
    assert state(as_, cast, left)[0] == "partly"
    answer = client.get(client.url(f"privacy/requests/{left}/certificate.pdf"))
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.data)).pages)
    assert "Certificate of erasure" in text
    assert str(cast.eve.employee_id) in text
    assert cast.eve.name not in text
    assert "eve@acme.example" not in client.page("people?left=yes")
    assert client.get(client.url(f"people/{cast.eve.employee_id}")).status_code == 404


def test_an_approval_needs_a_fresh_proof(client, cast, left, second, clock, as_):
    client.sign_in(cast.ana).send(f"privacy/requests/{left}/plan", {"version": "1"})
    client.sign_in(second)
    clock.advance(timedelta(minutes=6))
    assert client.send(f"privacy/requests/{left}/approval", {"version": "2"}).status_code == 303
    assert state(as_, cast, left)[0] == "planned"


def test_who_is_erased_is_not_brought_back_by_a_form(client, cast, as_, left, second, app):
    client.sign_in(cast.ana).send(f"privacy/requests/{left}/plan", {"version": "1"})
    client.sign_in(second).send(f"privacy/requests/{left}/approval", {"version": "2"})
    _send_letters(as_, cast)
    with app.app_context():
        erasures.run(str(cast.acme.id), left)
    client.sign_in(cast.ana)
    assert client.send(f"people/{cast.eve.employee_id}/reactivation").status_code == 404
    with as_(cast.ana) as uow:
        assert not uow.session.get(Employee, (cast.acme.id, cast.eve.employee_id)).active


@pytest.mark.parametrize("who", ["eve", "pia", "mats"])
def test_others_see_no_requests(client, cast, asked, who):
    client.sign_in(cast.people[who])
    for path in ("privacy/requests", f"privacy/requests/{asked}", "privacy/holds", "privacy/retention"):
        assert client.get(client.url(path)).status_code == 403


def test_a_hold_is_placed_seen_and_lifted(client, cast, as_, left):
    client.sign_in(cast.ana)
    wrong = client.send("privacy/holds", {"email": "otto@acme.example", "reason": ""})
    assert wrong.status_code == 422
    form = {"email": "eve@acme.example", "reason": "A lawsuit", "until_date": "2026-12-31"}
    assert client.send("privacy/holds", form).status_code == 303
    page = client.page("privacy/holds")
    assert "A lawsuit" in page
    assert "On legal hold" in client.page(f"privacy/requests/{left}")
    assert client.send(f"privacy/requests/{left}/plan", {"version": "1"}).status_code == 422
    hold_id = page.partition("privacy/holds/")[2][:36]
    assert client.send(f"privacy/holds/{hold_id}/lifting").status_code == 303
    assert client.send(f"privacy/requests/{left}/plan", {"version": "1"}).status_code == 303


def test_what_goes_when_is_told_beforehand(client, cast, as_, clock):
    client.sign_in(cast.ana)
    assert "Tonight" in client.page("privacy/retention")


def _send_letters(as_, cast) -> None:
    with as_(cast.ana) as uow:
        for message in uow.session.scalars(select(OutboxMessage)):
            message.status = "kept"
