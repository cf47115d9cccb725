"""Both locks of the company isolation, tried from inside: sessions, raw SQL, pooled connections."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import event, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.app import create_app
from portal.db import IsolationError, db, open_session
from portal.models import Employee, Team, TeamMembership
from tests.fixtures.cast import make_cast
from tests.fixtures.portal import make_settings


def test_a_session_without_a_company_cannot_ask_for_people(app, connection):
    """T103."""
    with app.app_context(), open_session() as session, pytest.raises(IsolationError):
        session.scalars(select(Employee)).all()


def test_every_kind_of_query_sees_one_company(app, cast, connection):
    with app.app_context(), open_session(company_id=cast.beta.id) as session:
        assert {one.email for one in session.scalars(select(Employee))} == {
            "zoe@beta.example",
            "bo@beta.example",
            "bea@beta.example",
            "bruno@beta.example",
        }
        assert session.get(Employee, (cast.acme.id, cast.eve.employee_id)) is None
        assert session.scalars(select(Team.name)).all() == ["Crew"]
        assert session.execute(text("SELECT count(*) FROM employee")).scalar_one() == 4


def test_a_statement_that_is_kept_is_asked_in_each_company_anew(app, cast, connection):
    kept = select(Team.name).order_by(Team.name)
    with app.app_context():
        seen = []
        for company in (cast.acme, cast.beta, cast.acme):
            with open_session(company_id=company.id) as session:
                seen.append(session.scalars(kept).all())
    assert seen[0] == seen[2]
    assert seen[1] == ["Crew"]
    assert not set(seen[0]) & set(seen[1])


def test_nobody_names_the_company_but_the_session(app, connection, cast):
    """A caller's parameter of that name is of no effect, before row security has its say."""
    sent = []
    with app.app_context(), open_session(company_id=cast.beta.id) as session:
        event.listen(session.connection(), "before_cursor_execute", lambda *given: sent.append(given[3]))
        names = session.scalars(select(Team.name), {"bound_company": cast.acme.id}).all()
    assert names == ["Crew"]
    assert [given for given in sent if given] == [{"bound_company": cast.beta.id}]


@pytest.mark.parametrize(
    "statement", [update(Employee).values(job_title="x"), text("UPDATE employee SET job_title='x'")]
)
def test_a_bulk_update_without_a_condition_stays_at_home(app, cast, connection, statement):
    """T108: the ORM's by its condition, written SQL by row security."""
    with app.app_context():
        with open_session(company_id=cast.beta.id) as session:
            session.execute(statement)
            session.commit()
            assert set(session.scalars(select(Employee.job_title))) == {"x"}
        with open_session(company_id=cast.acme.id) as session:
            assert set(session.scalars(select(Employee.job_title))) == {None}


def test_rows_of_another_company_are_not_flushed(app, cast, connection):
    with app.app_context(), open_session(company_id=cast.beta.id) as session:
        session.add(Team(company_id=cast.acme.id, name="Smuggled"))
        with pytest.raises(IsolationError):
            session.flush()


def test_bulk_inserts_go_through_the_check(app, cast, connection):
    with app.app_context(), open_session(company_id=cast.beta.id) as session, pytest.raises(IsolationError):
        session.execute(insert(Team), [{"company_id": cast.acme.id, "name": "Smuggled"}])


def test_raw_sql_cannot_write_into_another_company(app, cast, connection):
    with (
        app.app_context(),
        open_session(company_id=cast.beta.id) as session,
        pytest.raises(DBAPIError, match="row-level"),
    ):
        session.execute(
            text("INSERT INTO team (company_id, id, name) VALUES (:c, :i, 'Smuggled')"),
            {"c": cast.acme.id, "i": uuid4()},
        )


def test_a_reference_to_another_companys_row_is_refused(app, cast, connection):
    """T100: the composite key has no such row."""
    with app.app_context(), open_session(company_id=cast.beta.id) as session:
        session.add(
            TeamMembership(
                employee_id=cast.bea.employee_id,
                team_id=cast.teams["care"],
                start_date=session.scalar(text("SELECT current_date")),
            )
        )
        with pytest.raises(IntegrityError, match="fk_team_membership"):
            session.flush()


def test_a_pooled_connection_forgets_its_company(fresh_database, tmp_path):
    """T105, T106, T107: the same backend serves Acme, an error, Beta and nobody, and each sees its own."""
    app = create_app(make_settings(fresh_database, tmp_path))
    with app.app_context():
        cast = make_cast(app.extensions["staffroom"])
        pids = set()

        def seen(company_id):
            with open_session(company_id=company_id) as session:
                pids.add(session.scalar(text("SELECT pg_backend_pid()")))
                return session.scalar(text("SELECT count(*) FROM employee"))

        assert seen(cast.acme.id) == 5
        with pytest.raises(DBAPIError), open_session(company_id=cast.acme.id) as session:
            session.execute(text("SELECT 1/0"))
        assert seen(cast.beta.id) == 4
        assert seen(None) == 0
        with db.engine.connect() as raw:
            assert raw.scalar(text("SELECT count(*) FROM employee")) == 0
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as raw:
            assert raw.scalar(text("SELECT count(*) FROM employee")) == 0
        assert len(pids) == 1
        db.engine.dispose()
