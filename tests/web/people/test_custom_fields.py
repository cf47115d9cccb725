"""A company's own fields: made by HR, filled in by group and right, sealed ones encrypted and each look recorded."""

from __future__ import annotations

import csv
import io
import re

import pytest
from sqlalchemy import select, text

from portal.domain.custom_fields import FieldGroup, FieldKind, Retention
from portal.domain.refusals import Refusal
from portal.models import AuditEvent, CustomField, CustomValue
from portal.services import custom_fields
from portal.services.custom_fields import FieldFacts

GROUPS = [group.value for group in FieldGroup]
_SEEN = re.compile(r'name="seen"[^>]*value="([^"]*)"')


@pytest.fixture
def fields(as_, cast):
    """One field of each group, by group; the value of each on Eve is the group's name in capitals."""
    ids = {}
    with as_(cast.ana) as uow:
        for group in FieldGroup:
            facts = FieldFacts(f"Field {group}", FieldKind.TEXT, group, Retention.EMPLOYMENT, 0)
            ids[group.value] = custom_fields.create(uow, facts)
    return ids


@pytest.fixture
def filled(client, cast, fields):
    """Eve with every value filled in by Ana."""
    client.sign_in(cast.ana)
    assert (
        fill(client, cast.eve, {fields[group]: f"{group.upper()}-VALUE" for group in GROUPS}).status_code
        == 303
    )
    return fields


def fill(client, member, values, **more):
    path = f"people/{member.employee_id}/details"
    seen = _SEEN.search(client.page(path))[1]
    return client.send(
        path, {"seen": seen, **{f"field_{one.hex}": value for one, value in values.items()}, **more}
    )


def shown_of(page: str) -> set[str]:
    return {group for group in GROUPS if f"{group.upper()}-VALUE" in page}


def events(as_, cast, action: str) -> list[object]:
    with as_(cast.ana) as uow:
        rows = uow.session.scalars(select(AuditEvent).where(AuditEvent.action == action))
        return [(row.actor_id, row.subject_id) for row in rows]


def test_each_reader_sees_the_groups_of_their_right(client, cast, filled):
    """P7, T85: the directory's groups for everybody, the record's for the person and HR; sealed behind a button."""
    for member, expected in (
        (cast.ana, {"work", "contact", "private", "contract"}),
        (cast.eve, {"work", "contact", "private", "contract"}),
        (cast.otto, {"work", "contact"}),
        (cast.mats, {"work", "contact"}),
    ):
        page = client.sign_in(member).page(f"people/{cast.eve.employee_id}")
        assert shown_of(page) == expected
        assert ("Field sealed" in page) == ("private" in expected)
    assert shown_of(client.sign_in(cast.eve).page("profile")) == {"work", "contact", "private", "contract"}


def test_a_sealed_value_is_shown_on_request_and_each_look_is_on_record(client, cast, as_, filled):
    """P10, T86."""
    path = f"people/{cast.eve.employee_id}/sealed-values/{filled['sealed']}/views"
    client.sign_in(cast.ana)
    before = len(events(as_, cast, "employee.viewed-sealed"))
    assert "SEALED-VALUE" in client.send(path).text
    assert "SEALED-VALUE" in client.send(path, htmx=True).text
    looked = events(as_, cast, "employee.viewed-sealed")[before:]
    assert looked == [(cast.ana.employee_id, cast.eve.employee_id)] * 2
    for member in (cast.otto, cast.mats):
        answer = client.sign_in(member).send(path, htmx=True)
        assert answer.status_code == 404 and "SEALED" not in answer.text
    assert "SEALED-VALUE" in client.sign_in(cast.eve).send(path).text
    unsealed = path.replace(str(filled["sealed"]), str(filled["contract"]))
    assert client.send(unsealed).status_code == 404


def test_the_database_and_the_log_hold_no_sealed_text(as_, cast, filled):
    """P10, P15: neither the column nor the audit log; private values are not in the log either."""
    with as_(cast.ana) as uow:
        rows = uow.session.scalars(text("SELECT t::text FROM custom_value t")).all()
        assert not [row for row in rows if "SEALED-VALUE" in row] and [
            row for row in rows if "WORK-VALUE" in row
        ]
        log = "".join(uow.session.scalars(text("SELECT payload FROM audit.event")))
        assert "-VALUE" not in log and "Field sealed" in log
        sealed = uow.session.scalars(select(CustomValue).where(CustomValue.value_sealed.is_not(None))).one()
        assert b"SEALED" not in sealed.value_sealed


def test_people_edit_their_own_contact_and_private_values_and_nothing_else(client, cast, filled):
    """T89: fields that are not in one's form are ignored, whatever is sent."""
    page = client.sign_in(cast.eve).page(f"people/{cast.eve.employee_id}/details")
    for group in GROUPS:
        assert (filled[group].hex in page) == (group in {"contact", "private"})
    assert "SEALED-VALUE" not in page
    fill(client, cast.eve, dict.fromkeys(filled.values(), "HACKED"))
    page = client.sign_in(cast.ana).page(f"people/{cast.eve.employee_id}")
    assert shown_of(page) == {"work", "contract"} and page.count("HACKED") == 2


def test_nobody_fills_in_colleagues_and_managers_do_not_either(client, cast, filled):
    for member in (cast.otto, cast.mats):
        client.sign_in(member)
        path = f"people/{cast.eve.employee_id}/details"
        assert client.get(client.url(path)).status_code == 404
        assert client.send(path, {f"field_{filled['work'].hex}": "X"}).status_code == 404


def test_a_form_that_somebody_else_overtook_is_refused(client, cast, filled):
    """T158."""
    client.sign_in(cast.ana)
    path = f"people/{cast.eve.employee_id}/details"
    seen = _SEEN.search(client.page(path))[1]
    fill(client, cast.eve, {filled["work"]: "NEW"})
    late = client.send(path, {"seen": seen, f"field_{filled['work'].hex}": "OLD"})
    assert late.status_code == 409
    assert "NEW" in client.page(f"people/{cast.eve.employee_id}")


def test_a_value_that_does_not_fit_is_refused_at_its_field_and_nothing_is_saved(client, cast, as_):
    with as_(cast.ana) as uow:
        made = [
            custom_fields.create(uow, FieldFacts(f"F {kind}", kind, FieldGroup.WORK, Retention.TEN_YEARS, 0, choices))
            for kind, choices in (
                (FieldKind.NUMBER, ()), (FieldKind.DATE, ()), (FieldKind.CHOICE, ("S", "M")), (FieldKind.YES_NO, ()),
                (FieldKind.LONG_TEXT, ()),
            )
        ]  # fmt: skip
    client.sign_in(cast.ana)
    wrong_values = ("x", "x", "XL", "perhaps", "x" * 4001)
    sentences = ("Not a number", "Not a date", "Not one of the choices", "Write yes or no", "too long")
    for field, wrong, said in zip(made, wrong_values, sentences, strict=True):
        answer = fill(client, cast.eve, {field: wrong})
        assert answer.status_code == 422 and said in answer.text
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(CustomValue)).all() == []
    good = dict(zip(made, ("1,5", "2026-03-31", "M", "yes", "a\nb"), strict=True))
    assert fill(client, cast.eve, good).status_code == 303
    page = client.page(f"people/{cast.eve.employee_id}")
    for said in ("1.5", "31 Mar 2026", ">M<", ">yes<", "a\nb"):
        assert said in page
    fill(client, cast.eve, dict.fromkeys(made, ""))
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(CustomValue)).all() == [], "an emptied value is gone"


def test_hr_makes_renames_puts_away_and_brings_back_a_field(client, cast, as_, filled):
    client.sign_in(cast.ana).page("people/fields/new")
    new = {"name": "T-shirt", "kind": "choice", "choices": "S\nM\n\nm", "group": "work"}
    new |= {"retention": "employment", "position": "3"}
    assert client.send("people/fields", new).status_code == 303
    assert "S, M" in client.page("people/fields")
    with as_(cast.ana) as uow:
        shirt = uow.session.scalars(select(CustomField).where(CustomField.name == "T-shirt")).one().id
    client.page(f"people/fields/{shirt}/edit")
    assert client.send(f"people/fields/{shirt}", {**new, "name": "Shirt", "kind": "text"}).status_code == 303
    with as_(cast.ana) as uow:
        assert uow.session.get(CustomField, (cast.acme.id, shirt)).kind is FieldKind.CHOICE, (
            "T89: the kind stays"
        )
    path = f"people/fields/{filled['work']}"
    client.send(f"{path}/archiving")
    assert "Put away" in client.page("people/fields")
    assert "WORK-VALUE" not in client.page(f"people/{cast.eve.employee_id}")
    client.send(f"{path}/restoring")
    assert "WORK-VALUE" in client.page(f"people/{cast.eve.employee_id}")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": " field WORK "}, "has this name already"),
        ({"name": "E-Mail"}, "has this name already"),
        ({"name": ""}, "Please fill this in"),
        ({"kind": "choice", "choices": " \n"}, "Please fill this in"),
        ({"group": "everyone"}, "Not a valid choice"),
        ({"kind": "file"}, "Not a valid choice"),
        ({"position": "-1"}, "between"),
    ],
)
def test_a_field_that_cannot_be_is_refused_at_its_input(client, cast, fields, change, said):
    good = {"name": "New", "kind": "text", "group": "work", "retention": "employment", "position": "0"}
    answer = client.sign_in(cast.ana).send("people/fields", {**good, **change})
    assert answer.status_code == 422 and said in answer.text


def test_nothing_sealed_is_opened_by_changing_its_field(client, cast, filled):
    """P10: a field is sealed from the beginning or never; a choice that somebody has stays."""
    client.sign_in(cast.ana)
    for group, other in (("sealed", "work"), ("private", "sealed")):
        form = {"name": f"Field {group}", "group": other, "retention": "employment", "position": "0"}
        answer = client.send(f"people/fields/{filled[group]}", form)
        assert answer.status_code == 422 and "from the beginning or never" in answer.text


def test_a_choice_in_use_cannot_go(client, cast, as_):
    with as_(cast.ana) as uow:
        facts = FieldFacts("Size", FieldKind.CHOICE, FieldGroup.WORK, Retention.EMPLOYMENT, 0, ("S", "M"))
        size = custom_fields.create(uow, facts)
    fill(client.sign_in(cast.ana), cast.eve, {size: "M"})
    form = {"name": "Size", "group": "work", "retention": "employment", "position": "0"}
    assert client.send(f"people/fields/{size}", {**form, "choices": "S"}).status_code == 422
    assert client.send(f"people/fields/{size}", {**form, "choices": "M\nL"}).status_code == 303


def test_only_hr_manages_fields(client, cast, as_, fields):
    for member in (cast.eve, cast.mats, cast.pia):
        client.sign_in(member)
        assert client.get(client.url("people/fields")).status_code == 403
        assert client.send(f"people/fields/{fields['work']}/archiving").status_code == 403
    with as_(cast.zoe) as uow, pytest.raises(Refusal):
        custom_fields.get(uow, fields["work"])


def test_values_come_and_go_with_files(client, cast, as_, filled):
    """In import and export as columns; formulas are text (T168), sealed values are not shown in the preview."""
    head = "email,first_name,last_name,start_date,Field work,FIELD SEALED,Field contract\n"
    rows = (
        "eve@acme.example,Eve,MaláAcmeonly,2020-01-01,=1+1,TOP-SECRET,\n"
        "nora@acme.example,Nora,Nová,2026-07-01,desk,,x\n"
    )
    client.sign_in(cast.ana)
    assert "Field work" in client.page("people/import")
    shown = client.send(
        "people/import-previews",
        {"file": (io.BytesIO((head + rows).encode()), "p.csv")},
        content_type="multipart/form-data",
    )
    assert shown.status_code == 200 and "<del>WORK-VALUE</del>" in shown.text
    assert "TOP-SECRET" not in shown.text.replace(re.search(r'name="kept"[^>]*>', shown.text)[0], "")
    kept = re.search(r'name="kept"[^>]*value="([^"]+)"', shown.text)[1]
    assert client.send("people/imports", {"kept": kept}).status_code == 303
    columns = ["email", *(str(one) for one in filled.values())]
    before = len(events(as_, cast, "employee.viewed-sealed"))
    answer = client.send("people/exports", {"columns": columns, "kind": "csv"})
    table = {row["email"]: row for row in csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))}
    eve, nora = table["eve@acme.example"], table["nora@acme.example"]
    assert (eve["Field work"], eve["Field sealed"], eve["Field contract"]) == (
        "'=1+1",
        "TOP-SECRET",
        "CONTRACT-VALUE",
    )
    assert (nora["Field work"], nora["Field contract"], nora["Field sealed"]) == ("desk", "x", "")
    assert events(as_, cast, "employee.viewed-sealed")[before:] == [
        (cast.ana.employee_id, cast.eve.employee_id)
    ]
    undo = re.search(r'action="/c/acme/(people/imports/[^"]+/undoing)"', client.page("people/import"))[1]
    assert client.send(undo).status_code == 303
    assert "WORK-VALUE" in client.page(f"people/{cast.eve.employee_id}")


def test_an_export_refuses_fields_beyond_ones_right(client, cast, filled):
    """T93."""
    client.sign_in(cast.otto)
    for group in GROUPS:
        answer = client.send("people/exports", {"columns": ["email", str(filled[group])], "kind": "csv"})
        assert answer.status_code == (200 if group in {"work", "contact"} else 400)
        assert ("-VALUE" in answer.text) == (group in {"work", "contact"})


def test_wrong_cells_are_named_with_their_column(client, cast, as_):
    with as_(cast.ana) as uow:
        custom_fields.create(
            uow, FieldFacts("Badge", FieldKind.NUMBER, FieldGroup.WORK, Retention.EMPLOYMENT, 0)
        )
    data = b"email,first_name,last_name,start_date,Badge,badge\neve@acme.example,E,M,2020-01-01,x,1\n"
    client.sign_in(cast.ana)
    for content, said in (
        (data, "in the file twice"),
        (data.replace(b",badge", b"").replace(b"x,1", b"x"), "Not a number"),
    ):
        answer = client.send(
            "people/import-previews",
            {"file": (io.BytesIO(content), "p.csv")},
            content_type="multipart/form-data",
        )
        assert answer.status_code == 422 and said in answer.text and "Badge" in answer.text


def test_ten_fields_cost_a_page_no_more_than_one(client, cast, as_, statements):
    counts = []
    for number in (1, 9):
        with as_(cast.ana) as uow:
            made = [
                custom_fields.create(
                    uow,
                    FieldFacts(
                        f"N{number}x{at}", FieldKind.TEXT, FieldGroup.PRIVATE, Retention.EMPLOYMENT, at
                    ),
                )
                for at in range(number)
            ]
        fill(client.sign_in(cast.ana), cast.eve, dict.fromkeys(made, "v"))
        for path in (
            f"people/{cast.eve.employee_id}",
            f"people/{cast.eve.employee_id}/details",
            "people/fields",
        ):
            client.page(path)
            statements.clear()
            client.page(path)
            counts.append(len(statements))
    assert counts[:3] == counts[3:] and max(counts) <= 8, counts
