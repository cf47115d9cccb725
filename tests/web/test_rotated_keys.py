"""`flask keys rotate`: fresh keys by a command, and everything that the ones before closed opens as ever."""

from __future__ import annotations

import os
from dataclasses import replace

from portal.app import create_app
from portal.db import db
from portal.integrations.keys import MasterKeys, SigningKeys
from portal.integrations.signatures import Signer
from portal.models import Employee
from portal.services import companies, sealing
from tests.factories.companies import work
from tests.fixtures.cast import make_cast
from tests.fixtures.portal import make_settings


def test_after_a_rotation_everything_opens_and_is_closed_by_the_new_key(fresh_database, tmp_path):
    def started():
        return create_app(make_settings(fresh_database, tmp_path))

    app, file = started(), tmp_path / "keys" / "master.json"
    with app.app_context():
        ana = make_cast(app.extensions["staffroom"]).ana
        with work(app.extensions["staffroom"], companies.company_facts(ana.company.id), ana.actor) as uow:
            where = {"row": Employee, "column": "phone_sealed", "row_id": ana.employee_id}
            sealed = sealing.seal(uow, "+420601123456", **where)
        db.engine.dispose()
    signed_before = Signer.of(MasterKeys.load(file, create=False)).public

    turned = app.test_cli_runner().invoke(args=["keys", "rotate", "master"])
    assert turned.exit_code == 0, turned.output
    assert "master key 2" in turned.output
    assert "flask keys rewrap" in turned.output
    assert file.stat().st_mode & 0o777 == 0o600

    app = started()
    moved = app.test_cli_runner().invoke(args=["keys", "rewrap"])
    assert (moved.exit_code, "acme: 1 closed by master" in moved.output) == (0, True), moved.output
    assert app.test_cli_runner().invoke(args=["keys", "check"]).exit_code == 0
    with app.app_context():
        keys = app.extensions["staffroom"].outside.master_keys
        assert (keys.current, signed_before in Signer.of(keys).own) == (2, True)
        with work(app.extensions["staffroom"], companies.company_facts(ana.company.id), ana.actor) as uow:
            assert sealing.open_text(uow, sealed, **where) == "+420601123456"
        db.engine.dispose()


def test_signing_keys_turn_and_the_one_before_still_verifies(app, staffroom, tmp_path, monkeypatch):
    MasterKeys.load(tmp_path / "master.json", create=True)
    before = SigningKeys.load(tmp_path / "signing.json", create=True)
    monkeypatch.setitem(vars(staffroom.settings), "key_file", tmp_path / "master.json")
    assert app.test_cli_runner().invoke(args=["keys", "rotate", "signing"]).exit_code == 0
    after = SigningKeys.load(tmp_path / "signing.json", create=False)
    assert after.current.kid != before.current.kid
    assert set(after.public_by_kid) == {before.current.kid, after.current.kid}


def test_a_file_of_another_user_is_left_alone(app, staffroom, tmp_path, monkeypatch):
    """Root's file would stop the portal's next start."""
    MasterKeys.load(tmp_path / "master.json", create=True)
    monkeypatch.setitem(vars(staffroom.settings), "key_file", tmp_path / "master.json")
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    refused = app.test_cli_runner().invoke(args=["keys", "rotate", "master"])
    assert refused.exit_code == 2
    assert "run this as that user" in refused.stderr
    assert list(MasterKeys.load(tmp_path / "master.json", create=False).versions) == [1]


def test_a_new_master_key_signs_nobody_out_and_lost_signing_keys_do(
    app, client, cast, staffroom, monkeypatch
):
    """As docs/operations.md tells operators."""
    client.sign_in(cast.eve)
    assert client.get("/c/acme/sessions").status_code == 200
    monkeypatch.setitem(app.config, "SECRET_KEY", b"derived from another master key")
    assert client.get("/c/acme/sessions").status_code == 200
    lost = replace(staffroom.access_tokens, keys=SigningKeys.generate())
    monkeypatch.setitem(vars(staffroom), "access_tokens", lost)
    assert client.get("/c/acme/sessions").status_code == 303
