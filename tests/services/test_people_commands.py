"""`flask company create` and `flask people import`: what the operator types, and what it may not do by halves."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.db import open_session
from portal.models import Employee, OutboxMessage, Role, RoleGrant
from portal.services import companies

CREATE = ["--admin-email", "Jo@gamma.example", "--admin-first-name", "Jo", "--admin-last-name", "Ho"]
PEOPLE = "email,first_name,last_name,start_date\nnora@acme.example,Nora,Nová,2026-07-01\n"


@pytest.fixture
def run(app, staffroom):
    runner = app.test_cli_runner()
    return lambda *words, **options: runner.invoke(args=list(words), **options)


def test_a_company_begins_with_one_person_who_is_hr_and_admin_and_invited(run, app):
    done = run("company", "create", "gamma", "--name", "Gamma", "--domain", "gamma.example", *CREATE)
    assert done.exit_code == 0, done.output
    with app.app_context():
        assert companies.find_slug("someone@gamma.example") == "gamma"
        with open_session(company_slug="gamma") as session:
            person = session.scalars(select(Employee)).one()
            assert person.email == "jo@gamma.example"
            roles = session.scalars(select(Role.key).join(RoleGrant, RoleGrant.role_id == Role.id))
            assert set(roles) == {"employee", "hr", "admin"}
            assert session.scalars(select(OutboxMessage.template)).all() == ["invitation"]


@pytest.mark.parametrize(("set_to", "said"), [("", True), ("https://staff.example.com", False)])
def test_founding_says_where_the_invitation_leads_unless_that_is_set(
    run, staffroom, monkeypatch, set_to, said
):
    monkeypatch.setenv("STAFFROOM_URL", set_to)
    done = run("company", "create", "gamma", "--name", "Gamma", *CREATE)
    assert done.exit_code == 0, done.output
    warning = f"STAFFROOM_URL is not set: the link in the letter leads to {staffroom.outside.url}."
    assert (warning in done.output) is said


def test_a_second_company_of_the_same_name_is_refused_and_changes_nothing(run, app):
    run("company", "create", "gamma", "--name", "Gamma", *CREATE)
    again = run("company", "create", "gamma", "--name", "Other", *CREATE)
    assert again.exit_code == 2
    assert "Another company uses this short name" in again.output
    with app.app_context(), open_session(company_slug="gamma") as session:
        assert session.info["company"].name == "Gamma"


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--domain", "no domain", "not the name of a domain"),
        ("--admin-email", "jo@gamma", "e-mail address"),
        ("--time-zone", "Mars/Olympus", "not a time zone"),
        ("--country", "XX", "not a country"),
    ],
)
def test_what_cannot_be_founds_nothing(run, app, option, value, said):
    done = run("company", "create", "gamma", "--name", "Gamma", *CREATE, option, value)
    assert done.exit_code == 2 and said in done.output
    with app.app_context():
        assert companies.find_slug("gamma") is None


def test_an_import_shows_first_and_asks(run, app, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE)
    said_no = run("people", "import", "acme", str(file), input="n\n")
    assert "+ Nora Nová <nora@acme.example>" in said_no.output and "1 new, 0 changed" in said_no.output
    with app.app_context(), open_session(company_slug="acme") as session:
        assert session.scalars(select(Employee).where(Employee.first_name == "Nora")).all() == []
    assert "Imported." in run("people", "import", "acme", str(file), "--yes", "--invite").output
    again = run("people", "import", "acme", str(file), "--yes")
    assert "0 new, 0 changed, 1 unchanged" in again.output and again.exit_code == 0


def test_a_bad_row_is_named_and_the_command_fails(run, tmp_path):
    """T168: a ragged row, a bad address: said with row and column, nothing imported."""
    file = tmp_path / "people.csv"
    file.write_text(PEOPLE + "bad,Ned,Nový,2026-07-01\nshort,row\n")
    done = run("people", "import", "acme", str(file), "--yes")
    assert done.exit_code == 2
    assert "Row 3, Work e-mail: 'bad': Not a complete e-mail address." in done.output
    assert "Row 4" in done.output and "Nothing was imported." in done.output


def test_a_file_that_is_no_table_and_an_unknown_company_are_refused_in_a_sentence(run, tmp_path):
    """T168: Latin-1 is not guessed; the sentence says what to do."""
    file = tmp_path / "people.csv"
    file.write_bytes("email,first_name\nx@y.example,Jiří\n".encode("iso-8859-2"))
    refused = run("people", "import", "acme", str(file))
    assert refused.exit_code == 2 and "as CSV in UTF-8" in refused.output
    assert "no company" in run("people", "import", "nowhere", str(file)).output
