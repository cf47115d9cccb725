"""A portal on a database of its own that tests may break, with Eve asking for time off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.app import create_app
from portal.db import db
from portal.domain.clock import FrozenClock
from portal.services import sessions
from portal.web.session_cookies import SESSION_COOKIE
from tests.factories.absences import grant, vacation
from tests.factories.companies import work
from tests.factories.people import identity_of
from tests.fixtures.cast import Cast, Member, make_cast
from tests.fixtures.client import PortalClient
from tests.fixtures.database_server import Database
from tests.fixtures.portal import NOW, make_settings
from tests.fixtures.standing import Standing


@dataclass
class Asking:
    """The portal, its people, and the form that Eve is about to send."""

    app: Flask
    cast: Cast
    instance: Path
    form: dict[str, str] = field(default_factory=dict)

    def work(self, member: Member):
        return work(self.app.extensions["staffroom"], member.company, member.actor)

    def count(self, model) -> int:
        with self.app.app_context(), self.work(self.cast.ana) as uow:
            return uow.session.scalar(select(func.count()).select_from(model))

    def token(self, member: Member) -> str:
        """The cookie of a live session of the member."""
        with self.app.app_context(), self.work(member) as uow:
            identity = identity_of(uow, member.employee_id)
            session, token = sessions.start(uow, identity, browser="tests", complete=True)
            session.second_factor_at = uow.clock.now()
        return token

    def browser(self, token: str) -> PortalClient:
        client = self.app.test_client()
        assert isinstance(client, PortalClient)
        client.staffroom = self.app.extensions["staffroom"]
        client.set_cookie(SESSION_COOKIE, token, domain="localhost", secure=True)
        return client


@pytest.fixture
def asking(fresh_database: Database, tmp_path: Path) -> Iterator[Asking]:
    app = create_app(make_settings(fresh_database, tmp_path), clock=FrozenClock(NOW))
    app.test_client_class = PortalClient
    with app.app_context():
        cast = make_cast(app.extensions["staffroom"])
    asking = Asking(app, cast, tmp_path)
    with app.app_context(), asking.work(cast.ana) as uow:
        grant(uow, *(one.employee_id for one in cast.people.values() if one.company == cast.acme))
        kind = vacation(uow).id
    asking.form = {
        "key": str(uuid4()),
        "absence_type_id": str(kind),
        "start_date": "2026-08-03",
        "first_part": "full",
        "end_date": "2026-08-05",
        "last_part": "full",
        "note": "Sea",
    }
    yield asking
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def standing(tmp_path: Path) -> Iterator[Standing]:
    """A portal whose server the test may stop and whose files it may break, with a place for backups."""
    place = tmp_path / "place"
    place.mkdir()
    standing = Standing(tmp_path / "instance", place)
    yield standing
    with standing.app.app_context():
        db.engine.dispose()
    standing.server.stop()
