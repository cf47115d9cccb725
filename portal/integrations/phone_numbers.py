"""Reads telephone numbers, refuses those that codes are not sent to, and masks them for showing."""

from collections.abc import Collection

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

from portal.domain.refusals import Reason, Refusal

# Some plans (the American) do not tell mobile from fixed lines; landlines and all that costs extra are out.
_TEXTABLE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
_SHOWN_DIGITS = 3
_LONGEST_INPUT = 40


def normalise(text: str, default_region: str, *, allowed_regions: Collection[str]) -> str:
    """The number as E.164 (+420777123456), or a Refusal.

    Refused by kind: premium rate, shared cost, toll-free, VoIP, pager, personal and voicemail numbers, landlines;
    and every number outside the regions that the operator allows, because SMS fraud lives on far prefixes.
    """
    number = _parse(text, default_region)
    if phonenumbers.region_code_for_number(number) not in allowed_regions:
        raise Refusal(Reason.PHONE_REGION_NOT_ALLOWED, field="phone")
    if phonenumbers.number_type(number) not in _TEXTABLE:
        raise Refusal(Reason.PHONE_KIND_NOT_ALLOWED, field="phone")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def readable(number: str) -> str:
    """+420 777 123 456: as people write it down."""
    return phonenumbers.format_number(phonenumbers.parse(number, None), PhoneNumberFormat.INTERNATIONAL)


def masked(number: str) -> str:
    """+420 ••• ••• 456: enough for its owner to recognise, too little for anyone else."""
    parsed = phonenumbers.parse(number, None)
    digits = phonenumbers.national_significant_number(parsed)
    shown = digits[-_SHOWN_DIGITS:]
    hidden = "•" * (len(digits) - len(shown)) + shown
    return f"+{parsed.country_code} {' '.join(_in_threes(hidden))}"


def dial_prefix(number: str) -> str:
    """Country code and first two digits (+42077): the unit in which message fraud is counted."""
    parsed = phonenumbers.parse(number, None)
    return f"+{parsed.country_code}{phonenumbers.national_significant_number(parsed)[:2]}"


def _parse(text: str, default_region: str) -> PhoneNumber:
    if len(text) > _LONGEST_INPUT:
        raise Refusal(Reason.PHONE_INVALID, field="phone")
    try:
        number = phonenumbers.parse(text, default_region)
    except NumberParseException:
        raise Refusal(Reason.PHONE_INVALID, field="phone") from None
    if number.extension or not phonenumbers.is_valid_number(number):
        raise Refusal(Reason.PHONE_INVALID, field="phone")
    return number


def _in_threes(digits: str) -> list[str]:
    """Groups of three counted from the end, so that the shown ones stand together."""
    first = len(digits) % 3
    groups = [digits[:first]] if first else []
    return groups + [digits[at : at + 3] for at in range(first, len(digits), 3)]
