"""A web process is killed in the middle of a request: no half of it stays, no lock, and the retry is safe."""

from __future__ import annotations

import json

from sqlalchemy import text

from portal.models import Absence, AbsencePart, OutboxMessage
from tests.fixtures.killed import killed_after

#: A web process that stops in the middle of its transaction, says so, and waits to be killed.
WEB = """
import json, sys, time
from pathlib import Path
from sqlalchemy import event
from portal.app import create_app
from portal.db import db
from portal.domain.clock import FrozenClock
from portal.web.session_cookies import SESSION_COOKIE
from tests.fixtures.client import PortalClient
from tests.fixtures.database_server import Database
from tests.fixtures.portal import NOW, make_settings

owner, address, instance, begun, token, form = sys.argv[1:]
app = create_app(make_settings(Database("", owner, address, "", ""), Path(instance)), clock=FrozenClock(NOW))
app.test_client_class = PortalClient

def stop(_connection, _cursor, statement, *_rest):
    if statement.startswith("INSERT INTO outbox_message"):
        Path(begun).touch()
        time.sleep(600)

with app.app_context():
    event.listen(db.engine, "before_cursor_execute", stop)
client = app.test_client()
client.set_cookie(SESSION_COOKIE, token, domain="localhost", secure=True)
print(client.send("/c/acme/absences", json.loads(form)).status_code)
"""


def test_a_request_cut_off_by_a_kill_leaves_nothing_and_can_be_sent_again(asking, fresh_database, tmp_path):
    """T146: the same form with the same key, from the same browser, makes one row; the dead one's locks are gone."""
    token, begun = asking.token(asking.cast.eve), tmp_path / "begun"
    before = asking.count(OutboxMessage)
    arguments = [fresh_database.owner_url, fresh_database.app_url, asking.instance, begun]
    with (
        killed_after(WEB, begun, *arguments, token, json.dumps(asking.form)),
        asking.app.app_context(),
        asking.work(asking.cast.ana) as uow,
    ):
        # Other processes test in databases of the same server, where the table has the same number.
        written = (
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
            " WHERE datname = current_database() AND relation = 'absence'::regclass"
            " AND mode = 'RowExclusiveLock'"
        )
        assert uow.session.scalar(text(written)) == 1, "it was killed after it had written"
    browser = asking.browser(token)
    assert browser.send("/c/acme/absences", asking.form).status_code == 303
    assert browser.send("/c/acme/absences", asking.form).status_code == 303
    assert (asking.count(Absence), asking.count(AbsencePart)) == (1, 3)
    assert asking.count(OutboxMessage) == before + 1
