"""What the page of evidence reads is made by looking: at the database as it is, at the address as visitors meet it."""

from __future__ import annotations

import json
import ssl
import threading
import warnings
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from uuid import uuid4

import psycopg
import pytest

from portal.app import create_app
from portal.database_url import libpq
from portal.db import db
from portal.domain.clock import FrozenClock
from portal.domain.incidents import Severity
from portal.integrations import tls_probe
from portal.models.incident import CompanyIncident
from portal.services import incident_clock, isolation_check
from tests.factories.companies import work
from tests.fixtures.cast import make_cast
from tests.fixtures.portal import make_settings
from tests.fixtures.tls import server_context, server_keys

NOW = datetime(2026, 6, 15, tzinfo=UTC)


def test_companies_that_are_not_apart_are_found_and_said(fresh_database, tmp_path):
    """T104, T107: one table without its lock is a failure, in the answer and in the evidence."""
    app = create_app(make_settings(fresh_database, tmp_path))
    with app.app_context():
        make_cast(app.extensions["staffroom"])
        found = isolation_check.look()
        assert found.wrong == () and found.companies == 2 and found.tables > 70
        answer = app.test_cli_runner().invoke(args=["trust", "check"])
        assert answer.exit_code == 0, answer.output
        assert "there is no TLS to check" in answer.output
        with psycopg.connect(libpq(fresh_database.admin_url), autocommit=True) as admin:
            admin.execute("ALTER TABLE employee NO FORCE ROW LEVEL SECURITY")
            assert isolation_check.look().wrong == ("employee has no forced row security",)
            admin.execute("ALTER TABLE employee DISABLE ROW LEVEL SECURITY")
        wrong = isolation_check.look().wrong
        assert any("rows are seen without a company" in one for one in wrong)
        assert any("rows of others are seen in a company" in one for one in wrong)
        answer = app.test_cli_runner().invoke(args=["trust", "check"])
        assert answer.exit_code == 1 and "NOT APART  employee" in answer.output
        evidence = json.loads((tmp_path / "evidence" / "isolation.json").read_text())
        assert evidence["passed"] is False and evidence["figures"]["failed"] >= 3
        db.engine.dispose()


class Silent(BaseHTTPRequestHandler):
    def log_message(self, *_args):
        pass


@pytest.fixture
def served(tmp_path):
    """Serves with this context, and answers the address."""
    servers = []
    keys = server_keys(tmp_path, "localhost")

    def serve(change=lambda _context: None):
        context = server_context(keys)
        change(context)
        server = HTTPServer(("127.0.0.1", 0), Silent)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.handle_error = lambda *_: None
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"https://localhost:{server.server_port}"

    yield serve, keys / "ca.pem"
    for server in servers:
        server.shutdown()
        server.server_close()


def old(context):
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1


def test_the_address_is_looked_at_as_a_visitor_does(served):
    """T145: a good certificate and new protocols, or it is said what is not."""
    serve, authorities = served
    good = tls_probe.probe(serve(), NOW, authorities=authorities)
    assert good.good and good.protocol == "TLSv1.3" and good.days_left > 4000
    assert not tls_probe.probe(serve(), NOW).good, "nobody vouches for this certificate"
    assert not tls_probe.probe(serve(old), NOW, authorities=authorities).old_refused
    late = tls_probe.probe(
        serve(), datetime(2040, 1, 1, tzinfo=UTC) - timedelta(days=3), authorities=authorities
    )
    assert late.days_left == 3 and not late.good
    assert tls_probe.probe("https://localhost:9", NOW).problem


def test_an_incident_that_was_told_too_late_is_on_the_page(fresh_database, tmp_path):
    """P14: by figures alone; one that was told in time, and one that touched nobody, are not late."""
    app = create_app(make_settings(fresh_database, tmp_path), clock=FrozenClock(NOW))
    with app.app_context():
        cast = make_cast(app.extensions["staffroom"])
        assert incident_clock.of_the_year(NOW) == incident_clock.Record(0, 0, 0)
        in_time, late, _untouched = (_incident(fresh_database, NOW - timedelta(days=5)) for _ in range(3))
        with work(app.extensions["staffroom"], cast.acme) as uow:
            uow.session.add_all(
                [_touched(in_time, NOW - timedelta(days=3)), _touched(late, NOW - timedelta(days=1))]
            )
        assert incident_clock.of_the_year(NOW) == incident_clock.Record(3, 0, 1)
        answer = app.test_cli_runner().invoke(args=["trust", "check"])
        assert answer.exit_code == 1 and "1 told after 72 hours" in answer.output
        evidence = json.loads((tmp_path / "evidence" / "incidents.json").read_text())
        assert evidence["passed"] is False
        assert evidence["figures"] == {"open": 3, "closed": 0, "late": 1}
        db.engine.dispose()


def _incident(database, noticed_at):
    incident_id = uuid4()
    with psycopg.connect(libpq(database.admin_url), autocommit=True) as admin:
        admin.execute(
            "INSERT INTO incident (id, title, severity, noticed_at, opened_by) VALUES (%s, %s, 'high', %s, 'Sam')",
            (incident_id, "A lost laptop", noticed_at),
        )
    return incident_id


def _touched(incident_id, told_at):
    return CompanyIncident(
        incident_id=incident_id,
        title="A lost laptop",
        severity=Severity.HIGH,
        since=NOW,
        until=NOW,
        ips=[],
        sessions=[],
        actions=[],
        found_at=NOW,
        event_count=1,
        people_count=1,
        told_at=told_at,
    )
