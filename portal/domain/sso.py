"""Single sign-on: who may come in with what an identity provider says of them, and why not.

A provider's account is known by (company, provider, subject) alone; an e-mail address never joins anything to
anybody, it can only forbid. Whether what arrived is genuine is checked before: see sso_claims.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

#: How long somebody may take between our door and the provider's answer.
TRANSACTION_LIFETIME = timedelta(minutes=10)
LONGEST_SUBJECT = 255


class ProviderKind(StrEnum):
    GOOGLE = "google"
    MICROSOFT = "microsoft"
    SAML = "saml"


class ProviderState(StrEnum):
    """A draft becomes tested by an admin's own sign-in, and only then active; changed settings make it a draft."""

    DRAFT = "draft"
    TESTED = "tested"
    ACTIVE = "active"
    OFF = "off"


class Joining(StrEnum):
    """Who may come in for the first time: those taken in before, or also strangers of the company's domains."""

    INVITED = "invited"
    VERIFIED_DOMAINS = "verified-domains"


class Purpose(StrEnum):
    """What a trip to the provider is for."""

    SIGN_IN = "sign-in"
    #: An admin looks at what arrives; nobody is signed in by it.
    TEST = "test"
    #: Somebody signed in adds the provider's account to their ways in.
    LINK = "link"


class CheckName(StrEnum):
    """Every question that is asked of an answer, sorted. The words are in portal/web/sso_words.py."""

    ACCOUNT_FREE = "account-free"
    ADDRESS_FREE = "address-free"
    ADDRESS_GIVEN = "address-given"
    ADDRESS_INVITED = "address-invited"
    ADDRESS_VERIFIED = "address-verified"
    ALGORITHM = "algorithm"
    #: Small enough to be looked at.
    ANSWER_SIZE = "answer-size"
    #: Exactly one statement about the person, with a signature of its own.
    ASSERTION = "assertion"
    AUDIENCE = "audience"
    AUTHORIZED_PARTY = "authorized-party"
    #: The answer came back in the browser that left, to the address of the provider it left for.
    BROWSER = "browser"
    #: The person finished the sign-in at the provider.
    COMPLETED = "completed"
    #: The statement is confirmed once, for whoever brings it.
    CONFIRMATION = "confirmation"
    CONFIRMATION_TIME = "confirmation-time"
    CONFIRMED_REQUEST = "confirmed-request"
    #: The provider knows our client and takes its secret.
    CREDENTIALS = "credentials"
    #: Sent to our address, and to no longer one.
    DESTINATION = "destination"
    DOMAIN_HOSTED = "domain-hosted"
    DOMAIN_VERIFIED = "domain-verified"
    ENCRYPTION = "encryption"
    EXPIRY = "expiry"
    ISSUED = "issued"
    ISSUER = "issuer"
    JOINING_OPEN = "joining-open"
    KEY = "key"
    LIBRARY = "library"
    NAME_GIVEN = "name-given"
    NONCE = "nonce"
    NOT_BEFORE = "not-before"
    NOT_GUEST = "not-guest"
    OBJECT = "object"
    PERSON_ACTIVE = "person-active"
    PERSON_KNOWN = "person-known"
    PERSON_UNLINKED = "person-unlinked"
    #: The provider answered at all.
    REACHED = "reached"
    READABLE = "readable"
    RECIPIENT = "recipient"
    #: The provider traded the code for a token.
    REDEEMED = "redeemed"
    #: It was used here before.
    REPLAY = "replay"
    REQUEST = "request"
    SHAPE = "shape"
    SIGNATURE = "signature"
    SIGNED_IN_AT = "signed-in-at"
    SUBJECT = "subject"
    TENANT = "tenant"
    VERSION = "version"


@dataclass(frozen=True)
class Check:
    """One question and its answer. `seen` and `wanted` are for the admin's eyes."""

    name: CheckName
    passed: bool
    seen: str = ""
    wanted: str = ""


@dataclass(frozen=True)
class Asserted:
    """What a provider says of whoever signed in there, once it has proven to be the provider's own word.

    `address_trusted`: the provider vouches for the address, and it is one of its own people's, not a guest's.
    """

    subject: str
    email: str = ""
    address_trusted: bool = False
    first_name: str = ""
    last_name: str = ""
    guest: bool = False
    groups: frozenset[str] = frozenset()

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2]


@dataclass(frozen=True)
class Heard:
    """What came back from a provider: every check of it, who it speaks of when all passed, and what to show."""

    checks: tuple[Check, ...]
    asserted: Asserted | None = None
    #: The claims or attributes an admin may look at in a test, in the order in which they came.
    shown: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Encounter:
    """What the portal itself knows of the moment in which the answer arrives."""

    joining: Joining
    #: Domains the company has shown to be its own.
    domains: frozenset[str] = frozenset()
    #: Somebody has this account of the provider; and whether the person concerned still works here.
    known: bool = False
    active: bool = True
    #: The address of the invitation whose link was opened in this browser.
    invited: str | None = None
    #: Somebody in the company has the asserted address.
    address_taken: bool = False


class Way(StrEnum):
    """How the person comes in."""

    KNOWN = "known"
    INVITATION = "invitation"
    CREATION = "creation"


@dataclass(frozen=True)
class Verdict:
    """`way` is None for whoever stays outside; the first failed check says why."""

    checks: tuple[Check, ...]
    way: Way | None = None


def judge(asserted: Asserted, met: Encounter) -> Verdict:
    """Would this person be let in, and how? Every check that was asked is answered, passed or not."""
    subject = _subject(asserted)
    if met.known:
        return _verdict(Way.KNOWN, subject, Check(CheckName.PERSON_KNOWN, passed=True), _active(met))
    if met.invited is not None:
        return _verdict(Way.INVITATION, subject, _active(met), _address_invited(asserted, met.invited))
    return _verdict(Way.CREATION, subject, *_may_be_created(asserted, met))


def judge_link(asserted: Asserted, *, known: bool, has_one: bool, active: bool) -> tuple[Check, ...]:
    """May somebody who is signed in add this account? It must be nobody's yet, and their only one there."""
    return (
        _subject(asserted),
        Check(CheckName.ACCOUNT_FREE, passed=not known),
        Check(CheckName.PERSON_UNLINKED, passed=not has_one),
        Check(CheckName.PERSON_ACTIVE, passed=active),
    )


def failed(checks: Sequence[Check]) -> Check | None:
    """The first check that did not pass."""
    return next((one for one in checks if not one.passed), None)


def mapped_roles(groups: frozenset[str], mapping: Mapping[str, str]) -> list[str]:
    """Keys of the roles that the person's groups lead to; a group nobody mapped gives nothing."""
    return sorted({role for group, role in mapping.items() if group in groups})


def _may_be_created(asserted: Asserted, met: Encounter) -> list[Check]:
    """A stranger: let in only where the company lets its own domains in, and never onto somebody's address."""
    open_door = met.joining is Joining.VERIFIED_DOMAINS
    checks = [Check(CheckName.JOINING_OPEN, passed=open_door)]
    if not open_door:
        return [Check(CheckName.PERSON_KNOWN, passed=False), *checks]
    domains = ", ".join(sorted(met.domains))
    return [
        *checks,
        Check(CheckName.ADDRESS_GIVEN, passed=bool(asserted.email), seen=asserted.email),
        Check(CheckName.NOT_GUEST, passed=not asserted.guest),
        Check(CheckName.ADDRESS_VERIFIED, passed=asserted.address_trusted, seen=asserted.email),
        Check(
            CheckName.DOMAIN_VERIFIED,
            passed=asserted.domain in met.domains,
            seen=asserted.domain,
            wanted=domains,
        ),
        Check(CheckName.ADDRESS_FREE, passed=not met.address_taken, seen=asserted.email),
        Check(CheckName.NAME_GIVEN, passed=bool(asserted.first_name and asserted.last_name)),
    ]


def _subject(asserted: Asserted) -> Check:
    subject = asserted.subject
    good = bool(subject) and subject == subject.strip() and len(subject) <= LONGEST_SUBJECT
    return Check(CheckName.SUBJECT, passed=good, seen=subject[:LONGEST_SUBJECT])


def _active(met: Encounter) -> Check:
    return Check(CheckName.PERSON_ACTIVE, passed=met.active)


def _address_invited(asserted: Asserted, invited: str) -> Check:
    """An invitation opened in somebody else's browser must not give them a way in as the invited."""
    fits = not asserted.email or asserted.email == invited
    return Check(CheckName.ADDRESS_INVITED, passed=fits, seen=asserted.email, wanted=invited)


def _verdict(way: Way, *checks: Check) -> Verdict:
    return Verdict(checks, way if failed(checks) is None else None)
