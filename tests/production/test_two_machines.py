"""Two machines that share a database behind PgBouncer, the keys and a bucket, and nothing else."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask

from portal.app import create_app
from portal.bucket_settings import BucketSettings
from portal.db import db
from tests.fixtures.bucket import OPEN, BucketServer
from tests.fixtures.cast import Cast, make_cast
from tests.fixtures.client import PortalClient
from tests.fixtures.database_server import Database
from tests.fixtures.portal import make_settings
from tests.web.documents.test_hand_out import PDF, upload


@pytest.fixture
def machines(
    pooled_database: Database, bucket_server: BucketServer, tmp_path: Path
) -> Iterator[tuple[Cast, list[Flask]]]:
    key_id, secret = bucket_server.credentials["owner"]
    files = BucketSettings(OPEN, "files/", key_id, secret, bucket_server.endpoint)
    apps = []
    for name in ("first", "second"):
        if apps:
            shutil.copytree(tmp_path / "first" / "keys", tmp_path / name / "keys")
        apps.append(create_app(make_settings(pooled_database, tmp_path / name, pooled=True, files=files)))
        apps[-1].test_client_class = PortalClient
    with apps[0].app_context():
        cast = make_cast(apps[0].extensions["staffroom"])
    yield cast, apps
    for app in apps:
        with app.app_context():
            db.engine.dispose()


def test_what_one_takes_in_the_other_gives_out(machines, tmp_path):
    """One session, one document: the next request may be answered by either."""
    cast, (first, second) = machines
    ours, theirs = (app.test_client() for app in (first, second))
    for app, client in ((first, ours), (second, theirs)):
        client.staffroom = app.extensions["staffroom"]
    document_id = uuid4()
    assert upload(ours.sign_in(cast.ana), document_id=document_id).status_code == 303
    _same_browser(theirs, ours)
    theirs.member = cast.ana
    page = theirs.page(f"documents/all/{document_id}")
    assert "House rules" in page
    link = re.search(r"documents/versions/[0-9a-f-]+/file", page)
    assert link is not None
    file = theirs.get(theirs.url(link.group()))
    assert (file.status_code, file.data) == (200, PDF)
    assert not list(tmp_path.glob("*/files")), "a file lies on one of the machines"
    assert theirs.send("sign-out").status_code == 303
    assert ours.get(ours.url("documents/all")).status_code == 303, "signed out on one is signed out on both"


def _same_browser(theirs: PortalClient, ours: PortalClient) -> None:
    for cookie in list(ours._cookies.values()):
        theirs._cookies[cookie._storage_key] = cookie
