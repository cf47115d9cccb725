"""The master keys: their file, what they wrap, what is derived from them, and their rotation."""

import json
import os
import threading
from pathlib import Path
from uuid import UUID

import pytest

from portal.integrations.keys import KeysMissing, KeysUnsafe, MasterKeys, SealBroken

ACME, BETA = UUID(int=1), UUID(int=2)
DATA_KEY = bytes(range(32))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "master.json"


def test_the_first_start_writes_a_file_for_the_owner_alone(file: Path) -> None:
    keys = MasterKeys.load(file, create=True)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert MasterKeys.load(file, create=False).derive("cookie") == keys.derive("cookie")
    assert [path.name for path in file.parent.iterdir()] == ["master.json"]


def test_production_does_not_start_without_the_file(file: Path) -> None:
    with pytest.raises(KeysMissing, match=r"master\.json"):
        MasterKeys.load(file, create=False)
    assert not file.exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_can_read_stops_the_start(file: Path, mode: int) -> None:
    MasterKeys.load(file, create=True)
    file.chmod(mode)
    with pytest.raises(KeysUnsafe, match="chmod 600"):
        MasterKeys.load(file, create=False)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"current": "1"}',
        '{"current": "2", "keys": {"1": "AAAA"}}',
        '{"current": "1", "keys": {"1": "AAAA"}}',
        '{"current": "1", "keys": {"1": "not base64!"}}',
        '{"current": "1", "keys": {"1": 5}}',
        '{"current": "one", "keys": {"one": "AAAA"}}',
    ],
)
def test_a_damaged_file_stops_the_start_and_is_not_quoted(file: Path, content: str) -> None:
    file.parent.mkdir()
    file.write_text(content)
    file.chmod(0o600)
    with pytest.raises(KeysUnsafe) as stopped:
        MasterKeys.load(file, create=True)
    assert "AAAA" not in str(stopped.value)
    assert stopped.value.__context__ is None or stopped.value.__suppress_context__
    assert file.read_text() == content


def test_processes_that_start_together_end_with_the_same_keys(file: Path) -> None:
    barrier, loaded = threading.Barrier(8), []

    def start() -> None:
        barrier.wait()
        loaded.append(MasterKeys.load(file, create=True).derive("cookie"))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(loaded) == 8
    assert len(set(loaded)) == 1
    assert os.listdir(file.parent) == ["master.json"]


def test_a_wrapped_key_opens_for_its_company_and_version_alone(file: Path) -> None:
    keys = MasterKeys.load(file, create=True)
    wrapped = keys.wrap(DATA_KEY, ACME)
    assert keys.unwrap(wrapped, ACME) == DATA_KEY
    assert DATA_KEY not in wrapped
    for company, version in ((BETA, 1), (ACME, 2)):
        with pytest.raises(SealBroken):
            keys.unwrap(wrapped, company, version)
    for at in range(len(wrapped)):
        with pytest.raises(SealBroken):
            keys.unwrap(wrapped[:at] + bytes([wrapped[at] ^ 1]) + wrapped[at + 1 :], ACME)
        with pytest.raises(SealBroken):
            keys.unwrap(wrapped[:at], ACME)
    with pytest.raises(ValueError, match="32 bytes"):
        keys.wrap(b"short", ACME)


def test_another_installation_does_not_open_it(file: Path, tmp_path: Path) -> None:
    """T140: the wrong key is a clear failure."""
    wrapped = MasterKeys.load(file, create=True).wrap(DATA_KEY, ACME)
    with pytest.raises(SealBroken):
        MasterKeys.load(tmp_path / "other.json", create=True).unwrap(wrapped, ACME)


def test_rotation_keeps_what_was_wrapped_and_changes_what_is_derived(file: Path) -> None:
    before = MasterKeys.load(file, create=True)
    wrapped, tag = before.wrap(DATA_KEY, ACME), before.blind_index("123456", "otp")
    MasterKeys.rotate(file)
    after = MasterKeys.load(file, create=False)
    assert after.current == 2
    assert after.unwrap(wrapped, ACME) == DATA_KEY
    assert before.is_current(wrapped)
    assert not after.is_current(wrapped)
    assert after.derive_all("cookie") == [after.derive("cookie"), before.derive("cookie")]
    assert after.derive("cookie") != before.derive("cookie")
    assert after.matches("123456", "otp", tag)
    assert not after.matches("123457", "otp", tag)
    assert file.stat().st_mode & 0o777 == 0o600
    assert set(json.loads(file.read_text())["keys"]) == {"1", "2"}


def test_each_purpose_has_its_own_key(file: Path) -> None:
    keys = MasterKeys.load(file, create=True)
    assert len({keys.derive(purpose) for purpose in ("cookie", "otp", "token")}) == 3
    assert keys.versions[1] not in {keys.derive("cookie"), keys.derive("otp")}
    assert keys.versions[1].hex() not in repr(keys)
    with pytest.raises(ValueError, match="purpose"):
        keys.derive("")
