"""Argon2id hashing, the check that tells nobody who exists, and the list of common passwords."""

import statistics
import time
import unicodedata

import argon2
import pytest

from portal.integrations.passwords import PasswordHasher, is_breached

CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


def test_the_default_costs_are_those_of_rfc_9106() -> None:
    """ASVS 11.4.2: Argon2id; RFC 9106 section 4, second recommended option."""
    stored = PasswordHasher().hash("correct horse battery staple")
    found = argon2.extract_parameters(stored)
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert (found.salt_len, found.hash_len) == (16, 32)


def test_the_right_password_fits_and_a_wrong_one_does_not() -> None:
    stored = CHEAP.hash("correct horse battery staple")
    assert CHEAP.verify(stored, "correct horse battery staple")
    assert not CHEAP.verify(stored, "correct horse battery stapler")
    assert not CHEAP.verify(stored, "")
    assert stored != CHEAP.hash("correct horse battery staple")


def test_it_compares_what_people_typed_and_not_how_their_keyboard_spelled_it() -> None:
    composed = "příliš žluťoučký"
    decomposed = unicodedata.normalize("NFD", composed)
    assert composed != decomposed
    assert CHEAP.verify(CHEAP.hash(composed), decomposed)


@pytest.mark.parametrize("stored", [None, "", "plain", "$argon2id$broken", "$2b$12$abcdefghijklmnopqrstuv"])
def test_nobody_has_no_password(stored: str | None) -> None:
    assert not CHEAP.verify(stored, "the password of nobody")
    assert not CHEAP.verify(stored, "plain")


def test_an_unknown_person_costs_as_much_time_as_a_wrong_password() -> None:
    """The time an answer takes must not tell who has a password here."""
    hasher = PasswordHasher(time_cost=2, memory_cost=16384, parallelism=1)
    stored = hasher.hash("correct horse battery staple")

    def median(candidate: str | None) -> float:
        taken = []
        for _ in range(7):
            begin = time.process_time()
            hasher.verify(candidate, "wrong")
            taken.append(time.process_time() - begin)
        return statistics.median(taken)

    assert 0.5 < median(None) / median(stored) < 2


def test_a_hash_at_other_costs_is_renewed() -> None:
    stored = CHEAP.hash("correct horse battery staple")
    dearer = PasswordHasher(time_cost=2, memory_cost=64, parallelism=1)
    assert not CHEAP.needs_rehash(stored)
    assert dearer.needs_rehash(stored)
    assert dearer.verify(stored, "correct horse battery staple")


@pytest.mark.parametrize(
    "password",
    ["password", "PassWord", "123456789", "qwertyuiop", "dragon2024", "Dragon2024", "password1234", "p4$$w0rd",
     "P@ssw0rd!1", "passwordpassword",
     "dragondragondragon", "aaaaaaaaaaaaaaaaa", "111111111111111", "ｐａｓｓｗｏｒｄ"],
)  # fmt: skip
def test_common_passwords_and_their_disguises_are_known(password: str) -> None:
    assert is_breached(password)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "dragon-84716-teapot",
        "Xq7#mlo2Zrw9",
        "dragon84716392",
        "žluťoučký kůň",
        "",
    ],
)
def test_others_are_not(password: str) -> None:
    assert not is_breached(password)
