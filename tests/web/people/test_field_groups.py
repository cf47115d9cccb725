"""Fields of a person by group: who may not see a group finds neither its heading nor what is in it, anywhere."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from portal.domain.custom_fields import FieldGroup, FieldKind, Retention
from portal.models import CustomValue, Employee
from portal.services import custom_fields, people, sealing
from portal.services.custom_fields import FieldFacts
from tests.factories.companies import role_named

NUMBER, PHONE = "E-4711", "+420601123456"
HEADINGS = ("work", "contact", "private", "sealed", "contract")
_HIDDEN = ("private", "contract", "sealed")


@pytest.fixture(autouse=True)
def eve(as_, cast):
    """Eve with a value in every group, of the portal's own fields and of the company's."""
    with as_(cast.ana) as uow:
        employee = uow.session.get_one(Employee, (cast.acme.id, cast.eve.employee_id))
        employee.employee_number = NUMBER
        people.seal_phone(uow, employee, PHONE)
        for group in FieldGroup:
            facts = FieldFacts(f"Field {group}", FieldKind.TEXT, group, Retention.EMPLOYMENT, 0)
            field_id = custom_fields.create(uow, facts)
            row = CustomValue(employee_id=employee.id, field_id=field_id)
            _fill(uow, row, f"{group}-secret", sealed=group is FieldGroup.SEALED)
            uow.session.add(row)


def _fill(uow, row: CustomValue, value: str, *, sealed: bool) -> None:
    row.id = uuid4()
    if sealed:
        row.value_sealed = sealing.seal(uow, value, row=CustomValue, column="value_sealed", row_id=row.id)
    else:
        row.value = value


def headings(page: str) -> list[str]:
    return re.findall(r'id="group-(\w+)"', page)


def hints(page: str) -> list[str]:
    """Whatever of the hidden groups is on a page: names of fields and values alike."""
    told = [f"Field {group}" for group in _HIDDEN] + [f"{group}-secret" for group in _HIDDEN]
    return [
        one for one in (*told, NUMBER, PHONE, PHONE[4:], "Employee number", "Mobile phone") if one in page
    ]


@pytest.mark.parametrize("reader", ["otto", "mats", "pia"])
def test_a_group_beyond_ones_right_is_no_heading_and_no_field(client, cast, reader):
    """T93, T85: the directory's two groups and nothing that says there are more."""
    page = client.sign_in(getattr(cast, reader)).page(f"people/{cast.eve.employee_id}")
    assert headings(page) == ["work", "contact"] and hints(page) == []
    assert "work-secret" in page and "contact-secret" in page


@pytest.mark.parametrize("reader", ["ana", "eve"])
def test_each_group_has_its_heading_and_the_companys_fields_in_it(client, cast, reader):
    page = client.sign_in(getattr(cast, reader)).page(f"people/{cast.eve.employee_id}")
    assert headings(page) == list(HEADINGS)
    for group in HEADINGS:
        section = page.split(f'aria-labelledby="group-{group}"')[1].split("</section>")[0]
        assert f"Field {group}" in section
        assert (f"{group}-secret" in section) == (group != "sealed"), "sealed ones only on request"
        assert [other for other in HEADINGS if other != group and f"Field {other}" in section] == []
    assert NUMBER in page


def test_ones_own_profile_has_the_same_groups(client, cast):
    assert headings(client.sign_in(cast.eve).page("profile")) == list(HEADINGS)


def test_search_finds_nobody_by_what_is_hidden(client, cast):
    """T93: not even for who may see it; the directory searches work contacts."""
    for reader in (cast.otto, cast.ana):
        client.sign_in(reader)
        for word in ("private-secret", "contract-secret", "sealed-secret", NUMBER, "601123456"):
            page = client.page(f"people?search={word}")
            assert f"people/{cast.eve.employee_id}" not in page, word


def test_the_org_chart_the_directory_and_the_choice_of_columns_tell_nothing(client, cast):
    """T93."""
    client.sign_in(cast.otto)
    for path in (
        "people",
        "people/chart",
        "people/chart/print",
        "people/chart?by=teams",
        "people/export",
    ):
        answer = client.get(client.url(path))
        assert answer.status_code == 200, path
        assert hints(answer.text) == [], path
    assert "Field work" in client.page("people/export")


def test_looking_as_a_role_hides_what_the_role_does_not_see(client, cast, as_):
    """T93: HR, who sees everything, looks as somebody who sees the directory alone."""
    client.sign_in(cast.ana)
    path = f"people/{cast.eve.employee_id}"
    assert headings(client.page(path)) == list(HEADINGS)
    with as_(cast.ana) as uow:
        manager = role_named(uow, "manager").id
    assert client.send(f"roles/{manager}/viewing", {"email": ""}).status_code == 303
    page = client.page(path)
    assert headings(page) == ["work", "contact"] and hints(page) == []
