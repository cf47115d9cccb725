"""What python3-saml leaves unasked about an assertion whose signature it has verified, and what the assertion says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from portal.integrations.sso.saml.library_clock import DEVIATION, parse_moment
from portal.integrations.sso.saml.message import ASSERTION, find, text
from portal.integrations.sso.saml.parties import TRANSIENT, Portal
from portal.integrations.sso.saml.refused import Check, SamlRefused

BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
#: A confirmation that is good for longer would have to be remembered for longer, against replay.
LONGEST = timedelta(minutes=10)
SUBJECT_LIMIT = 256


@dataclass(frozen=True)
class Asserted:
    """What the provider says, once everything was right. `subject` is the only thing that identifies a person."""

    subject: str
    subject_format: str | None
    session_index: str | None
    authn_instant: datetime
    attributes: Mapping[str, tuple[str, ...]]
    #: For the wall against replay: this id must not be accepted again before that moment.
    assertion_id: str
    replay_until: datetime


@dataclass(frozen=True)
class Expected:
    """What the answer is held against."""

    portal: Portal
    request_id: str
    now: datetime
    #: How long ago the person may have signed in at the provider; None leaves that to the provider.
    oldest_sign_in: timedelta | None = None


@dataclass
class Verified:
    """The answer after the library, with its only assertion; passed from check to check."""

    response: Any
    expected: Expected
    assertion: Any = None
    confirmation: Any = None
    ends_at: list[datetime] = field(default_factory=list)


def one_signed_assertion(seen: Verified) -> None:
    """The library counts as well; here it is made sure that what is read below is what was signed."""
    everywhere = find(seen.response, "//saml:Assertion")
    if len(everywhere) != 1 or everywhere[0].getparent() is not seen.response:
        raise SamlRefused(Check.ASSERTION, "there is not exactly one assertion")
    assertion = everywhere[0]
    references = find(assertion, "./ds:Signature/ds:SignedInfo/ds:Reference")
    if (
        assertion.tag != ASSERTION
        or len(references) != 1
        or references[0].get("URI") != f"#{assertion.get('ID')}"
    ):
        raise SamlRefused(Check.ASSERTION, "the assertion itself is not signed")
    seen.assertion = assertion


def destination(seen: Verified) -> None:
    _equal(Check.DESTINATION, seen.response.get("Destination"), seen.expected.portal.acs_url)


def request(seen: Verified) -> None:
    _equal(Check.REQUEST, seen.response.get("InResponseTo"), seen.expected.request_id)


def confirmation(seen: Verified) -> None:
    confirmations = find(seen.assertion, "./saml:Subject/saml:SubjectConfirmation")
    data = find(seen.assertion, "./saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData")
    if len(confirmations) != 1 or len(data) != 1:
        raise SamlRefused(Check.CONFIRMATION, "there is not exactly one confirmation of the subject")
    if confirmations[0].get("Method") != BEARER:
        raise SamlRefused(
            Check.CONFIRMATION, "the subject is not confirmed by bearer", found=confirmations[0].get("Method")
        )
    seen.confirmation = data[0]


def recipient(seen: Verified) -> None:
    _equal(Check.RECIPIENT, seen.confirmation.get("Recipient"), seen.expected.portal.acs_url)


def confirmed_request(seen: Verified) -> None:
    _equal(Check.CONFIRMED_REQUEST, seen.confirmation.get("InResponseTo"), seen.expected.request_id)


def confirmation_time(seen: Verified) -> None:
    if seen.confirmation.get("NotBefore") is not None:
        raise SamlRefused(Check.CONFIRMATION_TIME, "the confirmation says from when it is good")
    ends_at = _not_ended(Check.CONFIRMATION_TIME, seen.confirmation, seen.expected.now)
    if ends_at > seen.expected.now + LONGEST:
        raise SamlRefused(
            Check.CONFIRMATION_TIME, "the confirmation is good for more than ten minutes",
            found=_written(ends_at),
        )  # fmt: skip
    seen.ends_at.append(ends_at)


def time(seen: Verified) -> None:
    conditions = find(seen.assertion, "./saml:Conditions")
    if len(conditions) != 1:
        raise SamlRefused(Check.TIME, "there is not exactly one set of conditions")
    seen.ends_at.append(_not_ended(Check.TIME, conditions[0], seen.expected.now))
    begins_at = _moment(Check.TIME, conditions[0].get("NotBefore"))
    if begins_at is not None and begins_at > seen.expected.now + DEVIATION:
        raise SamlRefused(
            Check.TIME, "the assertion is not good yet; compare the clocks", found=_written(begins_at)
        )


def audience(seen: Verified) -> None:
    restrictions = find(seen.assertion, "./saml:Conditions/saml:AudienceRestriction")
    if len(restrictions) != 1:
        raise SamlRefused(Check.AUDIENCE, "there is not exactly one restriction to an audience")
    named = [text(node) for node in find(restrictions[0], "./saml:Audience")]
    if seen.expected.portal.entity_id not in named:
        raise SamlRefused(Check.AUDIENCE, "the assertion was made for somebody else", found=" ".join(named))


def subject(seen: Verified) -> None:
    nodes = find(seen.assertion, "./saml:Subject/saml:NameID")
    if len(nodes) != 1:
        raise SamlRefused(Check.SUBJECT, "there is not exactly one NameID")
    name = text(nodes[0])
    if nodes[0].get("Format") == TRANSIENT:
        raise SamlRefused(
            Check.SUBJECT, "the NameID is transient: the same person is another one each time", found=name
        )
    if nodes[0].get("SPNameQualifier", seen.expected.portal.entity_id) != seen.expected.portal.entity_id:
        raise SamlRefused(Check.SUBJECT, "the NameID was made for somebody else", found=name)
    if not name or name != name.strip() or len(name) > SUBJECT_LIMIT or not name.isprintable():
        raise SamlRefused(Check.SUBJECT, "the NameID is empty, padded, too long or not printable", found=name)


def signed_in_at(seen: Verified) -> None:
    said_at = _authn_instant(seen)
    if said_at > seen.expected.now + DEVIATION:
        raise SamlRefused(
            Check.SIGNED_IN_AT, "the sign-in lies in the future; compare the clocks", found=_written(said_at)
        )
    limit = seen.expected.oldest_sign_in
    if limit is not None and said_at < seen.expected.now - limit - DEVIATION:
        raise SamlRefused(
            Check.SIGNED_IN_AT, "the person signed in there too long ago", found=_written(said_at)
        )


#: After the library, in this order.
CHECKS: tuple[tuple[Check, Callable[[Verified], None]], ...] = (
    (Check.ASSERTION, one_signed_assertion),
    (Check.DESTINATION, destination),
    (Check.REQUEST, request),
    (Check.CONFIRMATION, confirmation),
    (Check.RECIPIENT, recipient),
    (Check.CONFIRMED_REQUEST, confirmed_request),
    (Check.CONFIRMATION_TIME, confirmation_time),
    (Check.TIME, time),
    (Check.AUDIENCE, audience),
    (Check.SUBJECT, subject),
    (Check.SIGNED_IN_AT, signed_in_at),
)


def read(seen: Verified) -> Asserted:
    """What the verified assertion says; only asked for when every check has passed."""
    name = find(seen.assertion, "./saml:Subject/saml:NameID")[0]
    statement = find(seen.assertion, "./saml:AuthnStatement")[0]
    return Asserted(
        subject=text(name),
        subject_format=name.get("Format"),
        session_index=statement.get("SessionIndex"),
        authn_instant=_authn_instant(seen),
        attributes=attributes(seen.assertion),
        assertion_id=seen.assertion.get("ID"),
        replay_until=max(seen.ends_at) + DEVIATION,
    )


def attributes(assertion: Any) -> dict[str, tuple[str, ...]]:
    """Values by name. What is no plain text is left out; the same name twice adds up, as Keycloak means it."""
    found: dict[str, tuple[str, ...]] = {}
    for node in find(assertion, "./saml:AttributeStatement/saml:Attribute"):
        values = [text(value).strip() for value in find(node, "./saml:AttributeValue[not(*)]")]
        name = node.get("Name")
        if name:
            found[name] = found.get(name, ()) + tuple(value for value in values if value)
    return found


def _equal(check: Check, found: str | None, expected: str) -> None:
    if found != expected:
        missing = "is missing" if found is None else "is not ours"
        raise SamlRefused(check, f"the value {missing}", found=found)


def _not_ended(check: Check, node: Any, now: datetime) -> datetime:
    ends_at = _moment(check, node.get("NotOnOrAfter"))
    if ends_at is None:
        raise SamlRefused(check, "it never ends")
    if ends_at <= now - DEVIATION:
        raise SamlRefused(check, "it has ended; compare the clocks", found=_written(ends_at))
    return ends_at


def _authn_instant(seen: Verified) -> datetime:
    statements = find(seen.assertion, "./saml:AuthnStatement")
    said = _moment(Check.SIGNED_IN_AT, statements[0].get("AuthnInstant")) if len(statements) == 1 else None
    if said is None:
        raise SamlRefused(Check.SIGNED_IN_AT, "it is not said when the person signed in")
    return said


def _moment(check: Check, written: str | None) -> datetime | None:
    if written is None:
        return None
    try:
        return parse_moment(written)
    except ValueError:
        raise SamlRefused(check, "a time cannot be read", found=written) from None


def _written(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
