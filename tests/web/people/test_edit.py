"""HR takes people in and changes their record: dated, unique, in this company only."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.models import AuditEvent, Employee, Employment, OutboxMessage, RoleGrant, TeamMembership
from portal.services import person_record
from tests.factories.people import manager_of
from tests.fixtures.portal import NOW


def filled(**changes) -> dict[str, object]:
    """A new person's form as HR sends it."""
    return {
        "first_name": "Nora",
        "last_name": "Nová",
        "email": "nora@acme.example",
        "language": "cs",
        "weekly_hours": "37,5",
        "terms_from": "2026-07-01",
        "site": "",
        **changes,
    }


def record_of(as_, cast, employee_id) -> dict[str, object]:
    """The form of an existing person as it opens for HR."""
    with as_(cast.ana) as uow:
        facts, seen = person_record.for_editing(uow, employee_id)
    return filled(
        seen=seen,
        first_name=facts.first_name,
        last_name=facts.last_name,
        email=facts.email,
        language=facts.language,
        line_manager_email=facts.line_manager_email,
        teams=[str(one) for one in facts.team_ids],
        site=str(facts.terms.site_id),
        weekly_hours="40",
        terms_from=facts.terms_from.isoformat(),
        phone=facts.phone,
    )


def find(as_, cast, email: str) -> Employee | None:
    with as_(cast.ana) as uow:
        return uow.session.scalars(select(Employee).where(Employee.email == email)).one_or_none()


def test_hr_takes_a_person_in_with_everything_and_invites_them(client, cast, as_):
    client.sign_in(cast.ana)
    client.page("people/new")
    data = filled(
        email="Nora@Acme.example",
        phone="601 123 456",
        line_manager_email="mats@acme.example",
        teams=[str(cast.teams["care"])],
        site=str(cast.sites["prague"]),
        invite="y",
    )
    answer = client.send("people", data)
    assert answer.status_code == 303, answer.text
    nora = find(as_, cast, "nora@acme.example")
    assert nora is not None and nora.phone_sealed
    assert "601" not in str(nora.phone_sealed)
    with as_(cast.ana) as uow:
        assert manager_of(uow, nora.id) == cast.mats.employee_id
        terms = uow.session.scalars(select(Employment).where(Employment.employee_id == nora.id)).one()
        assert (terms.weekly_minutes, terms.pattern[0], terms.site_id) == (2250, 450, cast.sites["prague"])
        joined = uow.session.scalars(
            select(TeamMembership).where(TeamMembership.employee_id == nora.id)
        ).one()
        assert joined.start_date.isoformat() == "2026-07-01"
        about = select(OutboxMessage.template).where(OutboxMessage.employee_id == nora.id)
        assert uow.session.scalars(about).all() == ["invitation"]


@pytest.mark.parametrize("member", ["eve", "mats", "pia"])
def test_others_cannot(client, cast, as_, member):
    """T88: an employee posts HR's forms: 403, nothing written."""
    client.sign_in(cast.people[member])
    own = f"people/{cast.people[member].employee_id}"
    assert client.get(client.url(f"{own}/edit")).status_code == 403
    assert client.send("people", filled()).status_code == 403
    assert client.send(own, record_of(as_, cast, cast.people[member].employee_id)).status_code == 403
    assert find(as_, cast, "nora@acme.example") is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"first_name": " "}, "Please fill this in."),
        ({"email": "nora@acme"}, "not a complete e-mail"),
        ({"email": "EVE@acme.example"}, "this e-mail address already"),
        ({"line_manager_email": "zoe@beta.example"}, "Nobody in the company has this e-mail"),
        ({"phone": "900 123 456"}, "mobile numbers only"),
        ({"weekly_hours": "many"}, "Not hours"),
        ({"monday": "8"}, "add up to other weekly hours"),
        ({"monday": "25"}, "More hours than there can be"),
        ({"terms_from": "soon"}, "Not a valid date"),
        ({"language": "xx"}, "Not a valid choice"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_written(client, cast, as_, changes, said):
    answer = client.sign_in(cast.ana).send("people", filled(**changes))
    assert answer.status_code == 422
    assert said in answer.text and 'value="Nová"' in answer.text
    assert find(as_, cast, "nora@acme.example") is None


def test_the_address_of_somebody_in_another_company_is_free(client, cast, as_):
    """T101: unique per company, and no hint that Beta knows it."""
    assert client.sign_in(cast.ana).send("people", filled(email=cast.zoe.email)).status_code == 303
    assert find(as_, cast, cast.zoe.email) is not None


@pytest.mark.parametrize("field", ["teams", "site"])
def test_teams_and_sites_of_another_company_are_refused(client, cast, as_, field):
    """T100: Beta's crew or Berlin in Acme's form: 422, no row."""
    foreign = {"teams": str(cast.teams["crew"]), "site": str(cast.sites["berlin"])}[field]
    client.sign_in(cast.ana)
    assert client.send("people", filled(**{field: foreign})).status_code == 422
    data = {**record_of(as_, cast, cast.eve.employee_id), field: foreign}
    assert client.send(f"people/{cast.eve.employee_id}", data).status_code == 422
    assert find(as_, cast, "nora@acme.example") is None


def test_fields_that_the_form_does_not_have_change_nothing(client, cast, as_):
    """T89: role, company, state and id in the request are ignored."""
    client.sign_in(cast.ana)
    data = record_of(as_, cast, cast.eve.employee_id)
    extra = {"role": "admin", "company_id": str(cast.beta.id), "active": "", "id": str(cast.otto.employee_id)}
    assert client.send(f"people/{cast.eve.employee_id}", {**data, **extra}).status_code == 303
    with as_(cast.ana) as uow:
        eve = uow.session.get_one(Employee, (cast.acme.id, cast.eve.employee_id))
        assert eve.active and eve.company_id == cast.acme.id
        held = select(func.count()).select_from(RoleGrant).where(RoleGrant.employee_id == eve.id)
        assert uow.session.scalar(held) == 1


def test_new_hours_begin_on_their_day_and_the_past_stays(client, cast, as_):
    client.sign_in(cast.ana)
    data = record_of(as_, cast, cast.eve.employee_id)
    data |= {"weekly_hours": "24", "monday": "8", "tuesday": "8", "friday": "8", "terms_from": "2026-08-01"}
    data["teams"] = [str(cast.teams["kitchen"])]
    assert client.send(f"people/{cast.eve.employee_id}", data).status_code == 303
    with as_(cast.ana) as uow:
        rows = uow.session.scalars(
            select(Employment)
            .where(Employment.employee_id == cast.eve.employee_id)
            .order_by(Employment.start_date)
        ).all()
        assert [(one.weekly_minutes, str(one.end_date)) for one in rows] == [
            (2400, "2026-07-31"),
            (1440, "None"),
        ]
        assert rows[1].pattern == [480, 480, 0, 0, 480, 0, 0]
        teams = uow.session.scalars(
            select(TeamMembership)
            .where(TeamMembership.employee_id == cast.eve.employee_id)
            .order_by(TeamMembership.start_date)
        ).all()
        assert [(one.team_id, one.end_date) for one in teams] == [
            (cast.teams["care"], NOW.date() - timedelta(days=1)),
            (cast.teams["kitchen"], None),
        ]


def test_line_managers_in_a_circle_are_refused(client, cast, as_):
    """Mats leads Eve; Eve cannot lead Mats, nor anybody themselves."""
    client.sign_in(cast.ana)
    data = record_of(as_, cast, cast.mats.employee_id)
    for email in (cast.eve.email, cast.mats.email):
        answer = client.send(f"people/{cast.mats.employee_id}", {**data, "line_manager_email": email})
        assert answer.status_code == 422 and "their own manager" in answer.text


def test_whoever_saves_second_overwrites_nothing(client, cast, as_):
    client.sign_in(cast.ana)
    data = record_of(as_, cast, cast.eve.employee_id)
    assert client.send(f"people/{cast.eve.employee_id}", {**data, "job_title": "Nurse"}).status_code == 303
    answer = client.send(f"people/{cast.eve.employee_id}", {**data, "job_title": "Cook"})
    assert answer.status_code == 409
    assert find(as_, cast, cast.eve.email).job_title == "Nurse"


def test_the_edit_page_opens_as_the_record_stands(client, cast, statements):
    client.sign_in(cast.ana).page(f"people/{cast.eve.employee_id}/edit")
    statements.clear()
    page = client.page(f"people/{cast.eve.employee_id}/edit")
    assert 'value="mats@acme.example"' in page and 'value="40"' in page
    assert len(statements) <= 12, statements


def test_an_unknown_person_is_not_found_whatever_the_form_says(client, cast):
    """T99: Beta's id with an empty form: 404 before anything is checked."""
    assert client.sign_in(cast.ana).send(f"people/{cast.zoe.employee_id}", {}).status_code == 404


def test_a_change_of_hours_is_told_in_the_log_from_and_to(client, cast, as_):
    client.sign_in(cast.ana)
    data = record_of(as_, cast, cast.eve.employee_id)
    client.send(f"people/{cast.eve.employee_id}", {**data, "weekly_hours": "30", "terms_from": "2026-08-01"})
    with as_(cast.ana) as uow:
        events = uow.session.execute(
            select(AuditEvent.payload)
            .where(AuditEvent.action == "employment.changed")
            .order_by(AuditEvent.seq)
        ).scalars()
        changes = [json.loads(payload)["changes"] for payload in events]
    assert changes[0]["end_date"] == [None, "2026-07-31"]
    assert changes[1]["weekly_minutes"] == [None, 1800]
