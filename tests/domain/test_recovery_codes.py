"""How recovery codes are spelled, and read however they are typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.recovery_codes import CODE_BYTES, normalise, spell

CODE = spell(bytes(range(10)))


def test_eighty_bits_in_groups_of_four():
    """P5: at least 64 bits."""
    assert CODE_BYTES * 8 >= 64
    assert [len(group) for group in CODE.split("-")] == [4, 4, 4, 4]


@given(st.binary(min_size=CODE_BYTES, max_size=CODE_BYTES))
def test_what_was_spelled_is_read_back(random):
    code = spell(random)
    assert normalise(code) == code
    assert normalise(code.lower().replace("-", " ")) == code
    assert normalise(code.replace("O", "0").replace("I", "1").replace("B", "8")) == code


@pytest.mark.parametrize(
    "typed", ["", "ABCD", CODE + "A", "ÄBCD-EFGH-IJKL-MNOP", "ABCD-EFGH-IJKL-MN!P", "x" * 60]
)
def test_what_can_be_no_code_is_none(typed):
    assert normalise(typed) is None
