"""The keys that sign access tokens: one signs, the one before it still verifies."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from portal.integrations.keys import KeysMissing, KeysUnsafe, SigningKeys


def test_they_survive_a_restart(tmp_path: Path) -> None:
    file = tmp_path / "signing.json"
    first = SigningKeys.load(file, create=True)
    again = SigningKeys.load(file, create=False)
    assert first.current.kid == again.current.kid
    assert first.public_by_kid == again.public_by_kid
    assert file.stat().st_mode & 0o777 == 0o600
    assert "PRIVATE" not in repr(first) + repr(first.current)


def test_production_does_not_invent_them(tmp_path: Path) -> None:
    with pytest.raises(KeysMissing):
        SigningKeys.load(tmp_path / "signing.json", create=False)


def test_rotation_keeps_the_last_key_for_verifying_and_drops_the_one_before(tmp_path: Path) -> None:
    file = tmp_path / "signing.json"
    first = SigningKeys.load(file, create=True).current.kid
    second = SigningKeys.rotate(file).current.kid
    third = SigningKeys.rotate(file)
    loaded = SigningKeys.load(file, create=False)
    assert loaded.current.kid == third.current.kid
    assert set(loaded.public_by_kid) == {second, third.current.kid}
    assert first not in loaded.public_by_kid


@pytest.mark.parametrize("curve", [ec.SECP384R1(), None], ids=["another curve", "no key"])
def test_another_kind_of_key_stops_the_start(tmp_path: Path, curve: ec.EllipticCurve | None) -> None:
    pem = "no key at all"
    if curve is not None:
        pem = (
            ec.generate_private_key(curve)
            .private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            .decode()
        )
    file = tmp_path / "signing.json"
    file.write_text(json.dumps({"current": "k", "keys": {"k": pem}}))
    file.chmod(0o600)
    with pytest.raises(KeysUnsafe):
        SigningKeys.load(file, create=False)
