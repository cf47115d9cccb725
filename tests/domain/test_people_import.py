"""The import of people as a whole file: what is read, what is refused, and where the problem stands."""

import gc
from datetime import date
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.people_import import Column, ImportPlan, ImportProblem, ImportRow, KnownKeys, plan_import
from portal.domain.refusals import Reason, Refusal

HEADER = (
    "email,first_name,last_name,employee_number,job_title,team,site,line_manager_email,start_date,"
    "weekly_hours,phone,language,role"
)
SMALL = "email,first_name,last_name,start_date"
EVE = "eve@acme.example,Eve,Novotná,2026-03-01"


def plan(*lines: str, **options: object) -> ImportPlan:
    return plan_import("\n".join(lines).encode(), **options)  # type: ignore[arg-type]


def problems(found: ImportPlan) -> list[tuple[int, str | None, str]]:
    return [(error.row, error.column, error.problem) for error in found.errors]


def test_a_full_row_is_read_with_every_column():
    found = plan(
        HEADER,
        "Mats@Acme.example,Mats,Berg,1,Foreman,Warehouse,Brno,,2020-01-06,40,,en,manager",
        'eve@acme.example,Eve,Novotná,0042,Picker,"Warehouse; Night,Crew ;Warehouse",Brno,mats@acme.example,'
        '1. 3. 2026,"37,5",+420 601 123 456,CS,employee',
    )
    assert found.errors == ()
    assert found.is_sound
    assert found.rows[1] == ImportRow(
        row=3,
        email="eve@acme.example",
        first_name="Eve",
        last_name="Novotná",
        start_date=date(2026, 3, 1),
        employee_number="0042",
        job_title="Picker",
        teams=("Warehouse", "Night,Crew"),
        site="Brno",
        line_manager_email="mats@acme.example",
        weekly_minutes=2250,
        phone="+420601123456",
        language="cs",
        role="employee",
    )
    assert found.rows[0].email == "mats@acme.example"
    assert found.rows[0].phone is None


@pytest.mark.parametrize(
    "header",
    [
        "E-mail;Jméno;Příjmení;Datum nástupu;Tým;Týdenní úvazek;E-mail nadřízeného",
        "E-Mail;Vorname;NACHNAME;Eintrittsdatum;Abteilung;Wochenstunden;Vorgesetzte",
        "  Email Address ; FIRST  NAME;Last-Name;start_date;Department;Hours per week;Line Manager",
    ],
    ids=["cs", "de", "en"],
)
def test_headings_of_three_languages_are_understood(header):
    found = plan(header, 'eve@acme.example;Eve;Novotná;1.3.2026;"A;B";37:30;')
    assert found.errors == ()
    assert (found.rows[0].teams, found.rows[0].weekly_minutes) == (("A", "B"), 2250)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_files_come_as_spreadsheets_save_them(delimiter, encoding, newline):
    """T168: marks at the beginning and UTF-16 are read, not stored as letters."""
    text = newline.join([SMALL, EVE, ""]).replace(",", delimiter)
    found = plan_import(text.encode(encoding))
    assert found.errors == ()
    assert found.rows[0].last_name == "Novotná"


def test_a_mark_before_a_quoted_heading_is_no_letter_of_it():
    """T168: the mark of a spreadsheet's UTF-8 does not break the first heading."""
    assert plan_import(f'"email",first_name,last_name,start_date\n{EVE}'.encode("utf-8-sig")).is_sound


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Reason.IMPORT_UNREADABLE),
        (b"\n \n", Reason.IMPORT_UNREADABLE),
        (f"{SMALL}\n{EVE}".encode("cp1250"), Reason.IMPORT_ENCODING_UNKNOWN),
        (f"{SMALL}\n{EVE}".encode("utf-16")[:-1], Reason.IMPORT_ENCODING_UNKNOWN),
        (b"PK\x03\x04\xff\xfe\x80", Reason.IMPORT_ENCODING_UNKNOWN),
        (f'{SMALL}\n"eve@acme.example,Eve,N,2026-03-01\n{EVE}'.encode(), Reason.IMPORT_UNREADABLE),
        (f'{SMALL}\n"eve"x,Eve,N,2026-03-01'.encode(), Reason.IMPORT_UNREADABLE),
        (f"{SMALL}\n{'x' * 200_000},Eve,N,2026-03-01".encode(), Reason.IMPORT_UNREADABLE),
        (b"x" * (20 * 1024 * 1024 + 1), Reason.IMPORT_TOO_LARGE),
    ],
    ids=["empty", "blank", "cp1250", "utf16-cut", "xlsx", "open-quote", "bad-quote", "huge-cell", "bytes"],
)
def test_what_is_no_table_is_refused_as_a_whole(data, reason):
    """T168: broken files end in a clear reason, and nothing of them is kept."""
    with pytest.raises(Refusal) as caught:
        plan_import(data)
    assert caught.value.reason is reason
    assert caught.value.field == "file"


def test_twenty_thousand_rows_are_the_limit():
    """T168: a file of a million rows is refused before it is read to its end."""
    lines = [f"p{number}@acme.example,P,Q,2026-03-01" for number in range(20_001)]
    assert len(plan(SMALL, *lines[:-1]).rows) == 20_000
    with pytest.raises(Refusal) as caught:
        plan(SMALL, *lines)
    assert caught.value.details == {"limit": 20_000}


@pytest.fixture
def nothing_else_to_collect():
    """What a long run of tests has in memory is not walked through again and again meanwhile."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def test_five_thousand_people_are_planned_in_under_a_second(nothing_else_to_collect):
    lines = [
        f'p{number}@acme.example,Jan,Novák,{number},Picker,"A;B",Brno,p{max(0, number - 1)}@acme.example,'
        '1.3.2024,"37,5",+420601123456,cs,employee'
        for number in range(1, 5001)
    ]
    began = process_time()
    found = plan(HEADER, "p0@acme.example,Ana,Malá,0,,,,,2020-01-01,,,,", *lines)
    assert process_time() - began < 1
    assert (len(found.rows), found.errors) == (5001, ())


def test_columns_nobody_knows_are_left_out_and_named():
    """T89: a column of a field that an import may not set changes nothing."""
    found = plan(f"{SMALL},Salary,company_id", f"{EVE},99000,beta")
    assert found.errors == ()
    assert found.ignored_columns == ("Salary", "company_id")


def test_missing_and_repeated_columns_stop_the_import_at_the_header():
    found = plan("email,mail,first_name", "eve@acme.example,eve@acme.example,Eve")
    assert problems(found) == [
        (1, "last_name", "missing-column"),
        (1, "start_date", "missing-column"),
        (1, "email", "duplicate-column"),
    ]
    assert found.rows == ()


@pytest.mark.parametrize(
    ("column", "value", "problem"),
    [
        ("email", "", "missing-value"),
        ("email", "eve", "invalid-email"),
        ("email", "eve@acme", "invalid-email"),
        ("email", "eve@@acme.example", "invalid-email"),
        ("email", "eve novotna@acme.example", "invalid-email"),
        ("email", "éve@acme.example", "invalid-email"),
        ("email", "Eve <eve@acme.example>", "invalid-email"),
        ("email", "a" * 65 + "@acme.example", "invalid-email"),
        ("email", "a@" + "b" * 250 + ".example", "too-long"),
        ("first_name", " ", "missing-value"),
        ("first_name", "E\0ve", "control-character"),
        ("first_name", "E\u202eve", "control-character"),
        ("first_name", "E\nve", "control-character"),
        ("first_name", "x" * 101, "too-long"),
        ("team", "x" * 101, "too-long"),
        ("start_date", "", "missing-value"),
        ("start_date", "29.2.2026", "invalid-date"),
        ("start_date", "3/1/2026", "invalid-date"),
        ("start_date", "1.3.26", "invalid-date"),
        ("start_date", "1826-03-01", "invalid-date"),
        ("start_date", "44256", "invalid-date"),
        ("start_date", "٢٠٢٦-٠٣-٠١", "invalid-date"),
        ("weekly_hours", "0", "invalid-hours"),
        ("weekly_hours", "-8", "invalid-hours"),
        ("weekly_hours", "81", "invalid-hours"),
        ("weekly_hours", "1e9", "invalid-hours"),
        ("weekly_hours", "NaN", "invalid-hours"),
        ("weekly_hours", "40:60", "invalid-hours"),
        ("phone", "call me", "invalid-phone"),
        ("phone", "+420 601", "invalid-phone"),
        ("language", "xx", "unknown-language"),
        ("role", "root", "unknown-role"),
        ("line_manager_email", "mats", "invalid-email"),
        ("line_manager_email", "nobody@acme.example", "manager-unknown"),
        ("line_manager_email", "eve@acme.example", "manager-cycle"),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(column, value, problem):
    """T168: control characters and other refuse are found in the cell they stand in."""
    cells = dict.fromkeys(HEADER.split(","), "")
    cells |= {"email": "eve@acme.example", "first_name": "Eve", "last_name": "N", "start_date": "2026-03-01"}
    assert plan(HEADER, ",".join(cells.values())).is_sound
    cells[column] = f'"{value}"'
    found = plan(HEADER, "mats@acme.example,Mats,Berg,,,,,,2020-01-06,,,,", ",".join(cells.values()))
    assert problems(found) == [(3, column, problem)]
    assert found.errors[0].value.isprintable()
    assert len(found.errors[0].value) <= 80


@pytest.mark.parametrize(
    "value",
    ["=HYPERLINK(0)", "+1", "-1+1", "@SUM(A1)", "=1", "O'Neill", "<script>alert(1)</script>", "{{7*7}}"],
)
def test_what_looks_like_a_formula_is_stored_as_the_text_it_is(value):
    """T168: formulas are names like any other; the export guards its readers."""
    found = plan(f"{SMALL},team,job_title", f'eve@acme.example,"{value}",N,2026-03-01,"{value}","{value}"')
    assert found.errors == ()
    row = found.rows[0]
    assert (row.first_name, row.teams, row.job_title) == (value, (value,), value)


def test_the_apostrophe_of_our_own_exports_is_taken_away_again():
    """T168: what was exported and comes back changes nothing."""
    row = plan(f"{SMALL},phone,job_title", "eve@acme.example,E,N,2026-03-01,'+420601123456,''=1").rows[0]
    assert (row.phone, row.job_title) == ("+420601123456", "'=1")


def test_rows_with_too_many_or_too_few_cells_are_named():
    """T168: ragged rows are refused, not shifted into other columns."""
    found = plan(SMALL, "eve@acme.example,Eve,N", f"{EVE},extra", "", f"{EVE},,", "x")
    assert problems(found) == [(2, None, "ragged-row"), (3, None, "ragged-row"), (6, None, "ragged-row")]
    assert [row.row for row in found.rows] == [5]


def test_the_same_person_or_number_twice_is_named_at_the_second():
    found = plan(
        f"{SMALL},employee_number",
        "eve@acme.example,Eve,N,2026-03-01,7",
        "EVE@acme.example,Eva,M,2026-03-01,8",
        "mats@acme.example,Mats,B,2026-03-01,7",
        "otto@acme.example,Otto,K,2026-03-01,",
        "zoe@acme.example,Zoe,K,2026-03-01,",
    )
    assert problems(found) == [
        (3, "email", "duplicate-email"),
        (4, "employee_number", "duplicate-employee-number"),
    ]


def test_all_problems_of_a_row_are_named_at_once_in_the_order_of_the_file():
    found = plan(HEADER, "x,,,,,,,,soon,lots,,,", "y@acme.example,Y,Z,,,,,,2026-03-01,99,,,")
    assert [error.row for error in found.errors] == [2, 2, 2, 2, 2, 3]
    assert {error.column for error in found.errors if error.row == 2} == {
        Column.EMAIL,
        Column.FIRST_NAME,
        Column.LAST_NAME,
        Column.START_DATE,
        Column.WEEKLY_HOURS,
    }


@pytest.mark.parametrize(
    ("value", "minutes"),
    [
        ("37.5", 2250),
        ("37,5", 2250),
        ("38,75", 2325),
        ("40", 2400),
        ("33.3333", 2000),
        ("0:30", 30),
        ("80", 4800),
    ],
)
def test_weekly_hours_become_minutes(value, minutes):
    found = plan(f"{SMALL},weekly_hours", f'{EVE},"{value}"')
    assert found.rows[0].weekly_minutes == minutes


def test_managers_may_stand_in_the_company_or_anywhere_in_the_file():
    header = f"{SMALL},manager"
    lines = (f"{EVE},mats@acme.example", "otto@acme.example,Otto,K,2026-03-01,Eve@acme.example")
    assert problems(plan(header, *lines)) == [(2, "line_manager_email", "manager-unknown")]
    assert plan(header, *lines, existing_emails={"mats@acme.example"}).is_sound


def test_a_manager_whose_row_has_another_problem_is_still_known():
    found = plan(f"{SMALL},manager", f"{EVE},mats@acme.example", "mats@acme.example,Mats,B,soon,")
    assert problems(found) == [(3, "start_date", "invalid-date")]


def test_circles_of_managers_are_named_at_each_of_their_rows_only():
    def led(name: str, manager: str) -> str:
        return f"{name}@acme.example,{name},X,2026-03-01,{manager}@acme.example"

    pairs = ("ed", "da", "ab", "bc", "ca", "ff", "ge")
    found = plan(f"{SMALL},manager", *(led(*pair) for pair in pairs))
    assert problems(found) == [(row, "line_manager_email", "manager-cycle") for row in (4, 5, 6, 7)]


def test_circles_through_people_outside_the_file_are_found():
    options = {
        "existing_emails": {"eve@acme.example", "mats@acme.example"},
        "existing_managers": {"mats@acme.example": "eve@acme.example"},
    }
    header = f"{SMALL},manager"
    assert problems(plan(header, f"{EVE},mats@acme.example", **options)) == [
        (2, "line_manager_email", "manager-cycle")
    ]
    # The file wins over what the company holds: here Mats is led by nobody any more.
    assert plan(
        header, f"{EVE},mats@acme.example", "mats@acme.example,Mats,B,2020-01-06,", **options
    ).is_sound


def test_a_company_may_name_its_own_roles_and_languages():
    known = KnownKeys(roles={"caretaker"}, languages={"sk"})
    found = plan(f"{SMALL},role,language", f"{EVE},Caretaker,sk", known=known)
    assert (found.rows[0].role, found.rows[0].language) == ("caretaker", "sk")


@given(st.binary(max_size=300))
def test_any_bytes_are_planned_or_refused(data):
    """T168: no file, however broken, ends in anything but a plan or a refusal."""
    try:
        plan_import(data)
    except Refusal as refusal:
        assert refusal.reason in Reason  # noqa: PT017  # Which one is the point of other tests.


@given(st.lists(st.lists(st.text(max_size=12), min_size=4, max_size=4), max_size=5))
def test_any_cells_are_read_or_named(rows):
    """T168: text of any alphabet in any column ends as a value or as an error of its row."""
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    found = plan(SMALL, *lines)
    named = {error.row for error in found.errors}
    assert not named & {row.row for row in found.rows}
    assert all(error.problem in ImportProblem for error in found.errors)
