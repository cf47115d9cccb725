"""Company keys closed by a key service: bound to their place, held for a bounded time, refused and out of reach."""

from __future__ import annotations

from uuid import UUID

import pytest

from portal.config import Settings
from portal.integrations.keys import KeysUnavailable, KeyWrapping, MasterKeys, SealBroken, kms
from portal.key_settings import KmsSettings, from_environ
from portal.setting_error import SettingError
from portal.surroundings import _key_wrapping
from tests.fixtures.key_service import KeyService
from tests.fixtures.portal import make_settings

ACME, BETA = UUID(int=1), UUID(int=2)
DATA_KEY = bytes(range(32))


def test_what_it_closes_it_opens_for_the_same_company_alone(key_service: KeyService) -> None:
    """P10: bound to company and version by the service itself."""
    wrapper = key_service.wrapper()
    wrapped = wrapper.wrap(DATA_KEY, ACME, 2)
    assert DATA_KEY not in wrapped
    assert key_service.wrapper().unwrap(wrapped, ACME, 2) == DATA_KEY
    for company, version in ((BETA, 2), (ACME, 1)):
        with pytest.raises(SealBroken):
            wrapper.unwrap(wrapped, company, version)
    for altered in (wrapped[:-1] + bytes([wrapped[-1] ^ 1]), wrapped[:40], b"", b"junk"):
        with pytest.raises((SealBroken, KeysUnavailable)):
            wrapper.unwrap(altered, ACME, 2)


def test_another_key_of_the_same_service_opens_nothing(key_service: KeyService) -> None:
    """The closed key does not choose what opens it: the settings do."""
    wrapped = key_service.wrapper().wrap(DATA_KEY, ACME)
    with pytest.raises((SealBroken, KeysUnavailable)):
        key_service.wrapper(key=key_service.new_key()).unwrap(wrapped, ACME)


def test_a_service_that_is_away_is_no_broken_seal(key_service: KeyService, nobody: str) -> None:
    wrapped = key_service.wrapper().wrap(DATA_KEY, ACME)
    away = key_service.wrapper(endpoint=nobody)
    with pytest.raises(KeysUnavailable):
        away.unwrap(wrapped, ACME)
    with pytest.raises(KeysUnavailable):
        away.wrap(DATA_KEY, ACME)
    with pytest.raises(KeysUnavailable):
        away.try_out()


def test_an_opened_key_is_held_so_long_and_no_longer(key_service: KeyService, nobody: str) -> None:
    now = [100.0]
    real = key_service.wrapper()
    wrapped = real.wrap(DATA_KEY, ACME)
    wrapper = kms.KmsWrapper(real._client, key_service.key, held_seconds=60, tick=lambda: now[0])
    assert wrapper.unwrap(wrapped, ACME) == DATA_KEY
    wrapper._client = key_service.wrapper(endpoint=nobody)._client
    now[0] += 59.9
    assert wrapper.unwrap(wrapped, ACME) == DATA_KEY
    with pytest.raises(KeysUnavailable):
        wrapper.unwrap(wrapped, BETA)
    now[0] += 0.1
    with pytest.raises(KeysUnavailable):
        wrapper.unwrap(wrapped, ACME)
    assert not wrapper._held


def test_nothing_is_held_when_nothing_may_be(key_service: KeyService) -> None:
    wrapper = key_service.wrapper(held_seconds=0)
    assert wrapper.unwrap(wrapper.wrap(DATA_KEY, ACME), ACME) == DATA_KEY
    assert not wrapper._held


def test_so_many_are_held_and_no_more(key_service: KeyService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kms, "MOST_HELD", 2)
    wrapper = key_service.wrapper(held_seconds=60)
    for number in range(1, 5):
        company = UUID(int=number)
        wrapper.unwrap(wrapper.wrap(DATA_KEY, company), company)
    assert len(wrapper._held) == 2


def test_the_start_stops_at_a_key_that_the_service_refuses(
    key_service: KeyService, database, tmp_path, nobody: str, caplog: pytest.LogCaptureFixture
) -> None:
    """And goes on when it says nothing at all: it may be back in a minute."""
    master = MasterKeys.load(tmp_path / "keys" / "master.json", create=True)

    def start(**changes: object) -> KeyWrapping:
        return _key_wrapping(make_settings(database, tmp_path, kms=key_service.settings(**changes)), master)

    assert start().current == kms.NAME
    assert start(closes=False).current == "master"
    with pytest.raises(SettingError, match=r"STAFFROOM_KMS.*NotFound"):
        start(key="00000000-0000-0000-0000-000000000000")
    assert start(endpoint=nobody).current == kms.NAME
    assert "does not answer" in caplog.text


def test_a_key_closed_by_what_is_not_there_is_said(key_service: KeyService, tmp_path) -> None:
    master = MasterKeys.load(tmp_path / "keys" / "master.json", create=True)
    with pytest.raises(SealBroken, match="'kms', which this portal does not have"):
        KeyWrapping("master", {"master": master}).unwrap("kms", b"x", ACME, 1)


def test_the_settings_of_the_service() -> None:
    given = {"STAFFROOM_KMS": "alias/staffroom", "STAFFROOM_KMS_REGION": "eu-central-1"}
    assert from_environ(given, production=True) == KmsSettings("alias/staffroom", "eu-central-1")
    assert from_environ({}, production=True) is None
    chosen = Settings.from_environ({"STAFFROOM_MODE": "test", **given, "STAFFROOM_KMS_HELD_SECONDS": "0"}).kms
    assert chosen is not None
    assert (chosen.held_seconds, chosen.closes) == (0, True)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"STAFFROOM_KMS_REGION": ""}, "STAFFROOM_KMS_REGION"),
        ({"STAFFROOM_KMS_KEY_ID": "a"}, "STAFFROOM_KMS_KEY_ID"),
        ({"STAFFROOM_KMS_ENDPOINT": "http://127.0.0.1:1"}, "STAFFROOM_KMS_ENDPOINT"),
        ({"STAFFROOM_KMS_ENDPOINT": "kms.example"}, "STAFFROOM_KMS_ENDPOINT"),
        ({"STAFFROOM_KMS_HELD_SECONDS": "3601"}, "STAFFROOM_KMS_HELD_SECONDS"),
        ({"STAFFROOM_KMS_CLOSES": "perhaps"}, "STAFFROOM_KMS_CLOSES"),
        ({"STAFFROOM_KMS": ""}, "STAFFROOM_KMS_REGION"),
    ],
)
def test_half_made_settings_stop_the_start(changed: dict[str, str], named: str) -> None:
    given = {"STAFFROOM_KMS": "alias/staffroom", "STAFFROOM_KMS_REGION": "eu-central-1"}
    with pytest.raises(SettingError, match=named):
        from_environ({**given, **changed}, production=True)
