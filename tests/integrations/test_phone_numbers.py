"""Which telephone numbers take codes, and how they are shown."""

import pytest

from portal.domain.refusals import Reason, Refusal
from portal.integrations.phone_numbers import dial_prefix, masked, normalise

ALLOWED = ("AT", "CZ", "DE", "GB", "PL", "SK", "US")


@pytest.mark.parametrize(
    ("typed", "region", "stored"),
    [
        ("777 123 456", "CZ", "+420777123456"),
        ("+420 777 123 456", "DE", "+420777123456"),
        ("00420777123456", "CZ", "+420777123456"),
        ("0171 2345678", "DE", "+491712345678"),
        ("(0)171-234.5678", "DE", "+491712345678"),
        ("+48 512 345 678", "CZ", "+48512345678"),
        ("+1 202 555 0143", "CZ", "+12025550143"),
        ("\uff17\uff17\uff17 123 456", "CZ", "+420777123456"),
    ],
)
def test_it_is_stored_in_one_form(typed: str, region: str, stored: str) -> None:
    assert normalise(typed, region, allowed_regions=ALLOWED) == stored


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", Reason.PHONE_INVALID),
        ("ana", Reason.PHONE_INVALID),
        ("123", Reason.PHONE_INVALID),
        ("112", Reason.PHONE_INVALID),
        ("+420 777 123 4567", Reason.PHONE_INVALID),
        ("+999 777 123 456", Reason.PHONE_INVALID),
        ("777 123 456 ext. 7", Reason.PHONE_INVALID),
        ("7" * 500, Reason.PHONE_INVALID),
        ("900 123 456", Reason.PHONE_KIND_NOT_ALLOWED),  # premium rate
        ("800 123 456", Reason.PHONE_KIND_NOT_ALLOWED),  # toll-free
        ("810 123 456", Reason.PHONE_KIND_NOT_ALLOWED),  # shared cost
        ("910 123 456", Reason.PHONE_KIND_NOT_ALLOWED),  # VoIP
        ("224 123 456", Reason.PHONE_KIND_NOT_ALLOWED),  # landline
        ("+44 7640 123456", Reason.PHONE_KIND_NOT_ALLOWED),  # pager
        ("+44 7012 345678", Reason.PHONE_KIND_NOT_ALLOWED),  # personal number
        ("+49 900 1234567", Reason.PHONE_KIND_NOT_ALLOWED),
        ("+7 912 345 67 89", Reason.PHONE_REGION_NOT_ALLOWED),
        ("+371 21 234 567", Reason.PHONE_REGION_NOT_ALLOWED),
        ("+1 876 210 1234", Reason.PHONE_REGION_NOT_ALLOWED),  # Jamaica shares +1 with the United States
        ("+883 510 012 345 678", Reason.PHONE_REGION_NOT_ALLOWED),  # international networks
    ],
)
def test_it_refuses_what_codes_are_not_sent_to(typed: str, why: Reason) -> None:
    """T61: premium, VoIP and foreign prefixes are refused by policy."""
    with pytest.raises(Refusal) as refused:
        normalise(typed, "CZ", allowed_regions=ALLOWED)
    assert refused.value.reason == why
    assert refused.value.field == "phone"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+420777123456", "+420 ••• ••• 456"),
        ("+491712345678", "+49 • ••• ••• 678"),
        ("+12025550143", "+1 • ••• ••• 143"),
    ],
)
def test_it_is_shown_masked(number: str, shown: str) -> None:
    assert masked(number) == shown


def test_its_prefix_is_the_country_and_two_digits() -> None:
    assert dial_prefix("+420777123456") == "+42077"
    assert dial_prefix("+12025550143") == "+120"
