"""HR imports a file in two steps: what it would change, then the yes."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest
from sqlalchemy import func, select

from portal.models import Employee, Employment, OutboxMessage
from tests.fixtures.workbooks import with_part, workbook

HEAD = "email,first_name,last_name,start_date,team\n"
GOOD = HEAD + "nora@acme.example,Nora,Nová,2026-07-01,Night\neve@acme.example,Eva,MaláAcmeonly,2020-01-01,\n"
_KEPT = re.compile(r'name="kept"[^>]*value="([^"]+)"')


def upload(client, content: str | bytes, name: str = "people.csv"):
    data = content if isinstance(content, bytes) else content.encode()
    return client.send(
        "people/import-previews", {"file": (BytesIO(data), name)}, content_type="multipart/form-data"
    )


def names(as_, cast) -> set[str]:
    with as_(cast.ana) as uow:
        return set(uow.session.scalars(select(Employee.first_name)))


def test_the_preview_writes_nothing_and_the_yes_takes_everybody_in(client, cast, as_):
    client.sign_in(cast.ana).page("people/import")
    shown = upload(client, GOOD)
    assert shown.status_code == 200
    assert "is granted this year at once" in shown.text
    for text in ("nora@acme.example", "A team is made: Night", "<del>Eve</del>", "<ins>Eva</ins>"):
        assert text in shown.text
    assert "Nora" not in names(as_, cast)
    kept = _KEPT.search(shown.text)[1]
    assert client.send("people/imports", {"kept": kept}).status_code == 303
    assert {"Nora", "Eva"} <= names(as_, cast)
    assert "Nothing to change" in upload(client, GOOD).text


def test_a_workbook_is_taken_in_like_a_csv_file(client, cast, as_):
    """T168: dates and numbers as Excel keeps them; a formula is the text it is."""
    head = ("E-mail", "First name", "Last name", "Start date", "Weekly hours", "Job title")
    nora = ("nora@acme.example", "Nora", "Nová", date(2026, 7, 1), 37.5, "=1+1")
    client.sign_in(cast.ana)
    shown = upload(client, workbook(head, nora), "people.xlsx")
    assert shown.status_code == 200 and "nora@acme.example" in shown.text
    assert client.send("people/imports", {"kept": _KEPT.search(shown.text)[1]}).status_code == 303
    with as_(cast.ana) as uow:
        found = uow.session.scalars(select(Employee).where(Employee.first_name == "Nora")).one()
        assert found.job_title == "=1+1"
        terms = uow.session.scalars(select(Employment).where(Employment.employee_id == found.id)).one()
        assert (terms.start_date, terms.weekly_minutes) == (date(2026, 7, 1), 2250)


def test_a_workbook_that_no_upload_may_be_is_refused_at_the_field(client, cast):
    """T161: macros; a name that lies."""
    client.sign_in(cast.ana)
    macro = with_part(workbook(("email",)), "xl/vbaProject.bin", lambda _: "x")
    for data, name, said in (
        (macro, "people.xlsx", "contains scripts"),
        (workbook(("email",)), "people.csv", "not what its name says"),
    ):
        answer = upload(client, data, name)
        assert answer.status_code == 422 and said in answer.text


def test_every_error_is_listed_with_row_column_value_and_reason(client, cast, as_):
    """T168: ragged rows, bad values, formulas: each named; no way to confirm."""
    bad = GOOD + "ned@acme,Ned,Nový,2026-07-01,\nshort,row\n=1+1,,Malý,31/12/2026,\n"
    shown = upload(client.sign_in(cast.ana), bad)
    assert shown.status_code == 422
    for text in (
        "ned@acme",
        "more or fewer cells",
        "=1+1",
        "31/12/2026",
        "must not be empty",
        "Nothing was imported",
    ):
        assert text in shown.text
    assert 'name="kept"' not in shown.text
    assert "Nora" not in names(as_, cast)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "could not be read as a table"),
        (
            HEAD.encode("utf-8") + "a@b.example,Jiří,X,2026-07-01,".encode("iso-8859-2"),
            "as CSV in UTF-8",
        ),
        (b'email,first_name\n"open', "could not be read as a table"),
    ],
)
def test_a_file_that_is_no_table_is_refused_at_the_field(client, cast, content, said):
    """T168: unknown encoding, broken quotes, nothing at all."""
    answer = upload(client.sign_in(cast.ana), content)
    assert answer.status_code == 422 and said in answer.text


def test_spreadsheets_in_utf_16_and_with_a_mark_are_read(client, cast):
    """T168: UTF-16 and BOM."""
    client.sign_in(cast.ana)
    for encoding in ("utf-16", "utf-8-sig"):
        assert upload(client, GOOD.encode(encoding)).status_code == 200


def test_what_is_confirmed_is_what_was_shown(client, cast, as_):
    """An altered or foreign file is refused, and so is a preview that no longer holds."""
    client.sign_in(cast.ana)
    kept = _KEPT.search(upload(client, GOOD).text)[1]
    broken = client.send("people/imports", {"kept": kept[:-9] + "AAAAA" + kept[-4:]})
    assert broken.status_code == 422
    with as_(cast.ana) as uow:
        uow.session.get_one(Employee, (cast.acme.id, cast.eve.employee_id)).first_name = "Evelyn"
    late = client.send("people/imports", {"kept": kept})
    assert late.status_code == 409 and "Somebody changed this" in late.text
    assert "Nora" not in names(as_, cast)


def test_only_hr_imports(client, cast, as_):
    for member in (cast.eve, cast.mats, cast.pia):
        client.sign_in(member)
        assert client.get(client.url("people/import")).status_code == 403
        assert upload(client, GOOD).status_code == 403
        assert client.send("people/imports", {"kept": "x"}).status_code == 403


def test_the_template_has_every_column_and_is_read_by_the_import(client, cast):
    client.sign_in(cast.ana)
    template = client.get(client.url("people/import-template"))
    assert template.mimetype == "text/csv" and "attachment" in template.headers["Content-Disposition"]
    own = template.data.decode("utf-8-sig").replace("mats@example.com", "mats@acme.example").encode()
    assert upload(client, own).status_code == 200


def test_invitations_go_out_with_the_yes_when_asked(client, cast, as_):
    client.sign_in(cast.ana)
    kept = _KEPT.search(upload(client, GOOD).text)[1]
    client.send("people/imports", {"kept": kept, "invite": "y"})
    with as_(cast.ana) as uow:
        assert uow.session.scalar(select(func.count()).select_from(OutboxMessage)) == 1


def test_the_last_import_is_undone_from_its_page_while_nobody_has_touched_it(client, cast, as_):
    client.sign_in(cast.ana)
    assert "Last import" not in client.page("people/import")
    client.send("people/imports", {"kept": _KEPT.search(upload(client, GOOD).text)[1]})
    path = re.search(r'action="/c/acme/(people/imports/[^"]+/undoing)"', client.page("people/import"))[1]
    with as_(cast.ana) as uow:
        uow.session.get_one(Employee, (cast.acme.id, cast.eve.employee_id)).job_title = "Nurse"
    touched = client.send(path)
    assert touched.status_code == 409 and "Eva Mal" in touched.text and "Nothing was undone" in touched.text
    assert "Nora" in names(as_, cast)
    with as_(cast.ana) as uow:
        uow.session.get_one(Employee, (cast.acme.id, cast.eve.employee_id)).job_title = None
    assert client.send(path).status_code == 303
    assert "Nora" not in names(as_, cast) and "Eve" in names(as_, cast)
    assert "Undone" in client.page("people/import")
    assert client.send(path).status_code == 409
    assert client.sign_in(cast.eve).send(path).status_code == 403
