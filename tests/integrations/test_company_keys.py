"""What a company's key seals opens only where it was sealed."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from portal.integrations.keys import CompanyKeys, SealBroken

ACME, BETA = UUID(int=1), UUID(int=2)
EVE, OTTO = UUID(int=11), UUID(int=12)


def place(**changed: Any) -> dict[str, Any]:
    return {"table": "employee", "column": "phone", "row_id": EVE, "company_id": ACME} | changed


@pytest.fixture
def keys() -> CompanyKeys:
    return CompanyKeys.generate()


def test_it_opens_what_it_sealed(keys: CompanyKeys) -> None:
    sealed = keys.seal("+420 777 123 456", **place())
    assert keys.open_text(sealed, **place()) == "+420 777 123 456"
    assert keys.open(keys.seal(b"\x00\xff", **place()), **place()) == b"\x00\xff"


def test_the_plaintext_is_not_in_it_and_no_two_are_alike(keys: CompanyKeys) -> None:
    """P10: a dump of the database shows neither the value nor that two people have the same one."""
    first, second = keys.seal("same value", **place()), keys.seal("same value", **place())
    assert b"same value" not in first
    assert first != second


@pytest.mark.parametrize(
    "moved",
    [{"company_id": BETA}, {"row_id": OTTO}, {"column": "bank_number"}, {"table": "sso_config"}],
    ids=["another company", "another row", "another column", "another table"],
)
def test_it_does_not_open_elsewhere(keys: CompanyKeys, moved: dict[str, Any]) -> None:
    """P10: ciphertext swapped between rows, columns or companies is an error, not data."""
    sealed = keys.seal("secret", **place())
    with pytest.raises(SealBroken):
        keys.open(sealed, **place(**moved))


def test_it_does_not_open_with_any_byte_flipped_or_missing(keys: CompanyKeys) -> None:
    """P10: one flipped byte, wherever it lies, is an error, and so is every cut."""
    sealed = keys.seal("secret", **place())
    for at in range(len(sealed)):
        flipped = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(SealBroken):
            keys.open(flipped, **place())
        with pytest.raises(SealBroken):
            keys.open(sealed[:at], **place())


def test_another_companys_key_does_not_open_it(keys: CompanyKeys) -> None:
    sealed = keys.seal("secret", **place())
    with pytest.raises(SealBroken):
        CompanyKeys.generate().open(sealed, **place())


def test_an_older_version_still_opens_and_is_known_to_be_old(keys: CompanyKeys) -> None:
    sealed = keys.seal("secret", **place())
    rotated = CompanyKeys({**keys.data_keys, 2: CompanyKeys.generate().data_keys[1]})
    assert rotated.open(sealed, **place()) == b"secret"
    assert keys.is_current(sealed)
    assert not rotated.is_current(sealed)
    assert rotated.is_current(rotated.seal("secret", **place()))


def test_a_version_cannot_be_passed_off_as_another(keys: CompanyKeys) -> None:
    """The key version in the header is bound too, even if two versions were the same key."""
    same_key_twice = CompanyKeys({1: keys.data_keys[1], 2: keys.data_keys[1]})
    sealed = bytearray(keys.seal("secret", **place()))
    sealed[2] = 2
    with pytest.raises(SealBroken):
        same_key_twice.open(bytes(sealed), **place())


@pytest.mark.parametrize("name", ["employee|phone", "", "Employee", "a b"])
def test_a_name_cannot_imitate_another_place(keys: CompanyKeys, name: str) -> None:
    with pytest.raises(ValueError, match="not a table or column name"):
        keys.seal("secret", **place(table=name))


def test_the_blind_index_finds_equal_values_within_one_company_only(keys: CompanyKeys) -> None:
    index = keys.blind_index("+420777123456", "phone")
    assert index == keys.blind_index(b"+420777123456", "phone")
    assert index != keys.blind_index("+420777123457", "phone")
    assert index != keys.blind_index("+420777123456", "bank")
    assert index != CompanyKeys.generate().blind_index("+420777123456", "phone")
    rotated = CompanyKeys({**keys.data_keys, 2: CompanyKeys.generate().data_keys[1]})
    assert index == rotated.blind_index("+420777123456", "phone")


def test_keys_do_not_show_in_messages(keys: CompanyKeys) -> None:
    assert repr(keys.data_keys[1]) not in repr(keys)
    assert keys.data_keys[1].hex() not in f"{keys} {uuid4()}"
    with pytest.raises(ValueError, match="32 bytes"):
        CompanyKeys({1: b"short"})
    with pytest.raises(ValueError, match="at least one"):
        CompanyKeys({})
