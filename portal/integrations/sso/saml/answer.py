"""Takes the answer that an identity provider sends through a browser: python3-saml verifies, then we ask the rest.

`accept` is for signing in and raises at the first thing that is not right. `examine` is for the admin's test: the
same checks by the same code, and what arrived beside them.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NoReturn

from onelogin.saml2.errors import OneLogin_Saml2_ValidationError as Invalid
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from portal.integrations.sso.saml import assertion, message
from portal.integrations.sso.saml.assertion import Asserted, Expected, Verified
from portal.integrations.sso.saml.library_clock import library_reads
from portal.integrations.sso.saml.message import Element
from portal.integrations.sso.saml.parties import Idp, library_settings, request_data
from portal.integrations.sso.saml.refused import Check, SamlRefused

#: What a code of the library means in our words; anything else is a matter of shape.
_LIBRARY: dict[int, tuple[Check, str]] = {
    Invalid.ISSUER_MULTIPLE_IN_RESPONSE: (Check.ISSUER, "there is more than one issuer"),
    Invalid.ISSUER_NOT_FOUND_IN_ASSERTION: (Check.ISSUER, "the assertion names no issuer, or several"),
    Invalid.WRONG_ISSUER: (Check.ISSUER, "the answer was issued by somebody else"),
    Invalid.INVALID_SIGNATURE: (Check.SIGNATURE, "the signature was not made with a confirmed certificate"),
    Invalid.NO_SIGNATURE_FOUND: (Check.SIGNATURE, "nothing is signed"),
    Invalid.NO_SIGNED_ASSERTION: (Check.ASSERTION, "the assertion itself is not signed"),
    Invalid.WRONG_NUMBER_OF_ASSERTIONS: (Check.ASSERTION, "there is not exactly one assertion"),
    Invalid.WRONG_DESTINATION: (Check.DESTINATION, "the value is not ours"),
    Invalid.EMPTY_DESTINATION: (Check.DESTINATION, "the value is missing"),
    Invalid.WRONG_INRESPONSETO: (Check.REQUEST, "the value is not ours"),
    Invalid.WRONG_SUBJECTCONFIRMATION: (Check.CONFIRMATION, "no confirmation of the subject is good now and here"),
    Invalid.ASSERTION_TOO_EARLY: (Check.TIME, "the assertion is not good yet; compare the clocks"),
    Invalid.ASSERTION_EXPIRED: (Check.TIME, "it has ended; compare the clocks"),
    Invalid.SESSION_EXPIRED: (Check.TIME, "the session at the identity provider has ended"),
    Invalid.WRONG_AUDIENCE: (Check.AUDIENCE, "the assertion was made for somebody else"),
    Invalid.NO_NAMEID: (Check.SUBJECT, "there is not exactly one NameID"),
    Invalid.EMPTY_NAMEID: (Check.SUBJECT, "the NameID is empty"),
    Invalid.SP_NAME_QUALIFIER_NAME_MISMATCH: (Check.SUBJECT, "the NameID was made for somebody else"),
}  # fmt: skip

#: The library lumps these together, or does not show what it found; our own checks say it exactly.
_SAID_BETTER_BY_US = {
    Invalid.WRONG_DESTINATION,
    Invalid.EMPTY_DESTINATION,
    Invalid.WRONG_INRESPONSETO,
    Invalid.WRONG_SUBJECTCONFIRMATION,
    Invalid.WRONG_AUDIENCE,
}


@dataclass(frozen=True)
class Arrived:
    """What stood in an answer, believed by nobody: only for the eyes of the admin who tests."""

    issuer: str | None = None
    subject: str | None = None
    subject_format: str | None = None
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Examination:
    """How far an answer came. Checks after the refused one were not asked."""

    passed: tuple[Check, ...]
    asserted: Asserted | None
    refused: SamlRefused | None
    arrived: Arrived


def accept(posted: str, idp: Idp, expected: Expected) -> Asserted:
    """Who signed in; raises `SamlRefused`. The caller still has to keep the assertion's id from being used again."""
    return _Course(idp, expected).run(posted)


def examine(posted: str, idp: Idp, expected: Expected) -> Examination:
    course = _Course(idp, expected)
    try:
        asserted, refused = course.run(posted), None
    except SamlRefused as error:
        asserted, refused = None, error
    return Examination(tuple(course.passed), asserted, refused, _arrived(course.document))


class _Course:
    """One answer on its way through the checks."""

    def __init__(self, idp: Idp, expected: Expected) -> None:
        self.idp = idp
        self.expected = expected
        self.passed: list[Check] = []
        self.document: Element = None

    def run(self, posted: str) -> Asserted:
        raw = message.decode(posted)
        self.passed.append(Check.SIZE)
        self.document = message.parse(raw)
        self.passed.append(Check.READABLE)
        message.refuse_weak_encryption(self.document, have_key=self.expected.portal.keys is not None)
        self.passed.append(Check.ENCRYPTION)
        message.refuse_odd_signatures(self.document)
        self.passed.append(Check.SIGNATURE_METHOD)
        message.refuse_failure(self.document)
        self.passed.append(Check.STATUS)
        self.document = self._by_library(raw)
        # What was encrypted shows its signatures only now.
        message.refuse_odd_signatures(self.document)
        self.passed += [Check.SHAPE, Check.ISSUER, Check.SIGNATURE]
        seen = Verified(self.document, self.expected)
        for check, ask in assertion.CHECKS:
            ask(seen)
            self.passed.append(check)
        return assertion.read(seen)

    def _refuse(self, error: Invalid, document: Element) -> NoReturn:
        """In the words of our own checks where the library lumps things together."""
        if error.code in _SAID_BETTER_BY_US:
            seen = Verified(document, self.expected)
            for _, ask in assertion.CHECKS:
                ask(seen)
        check, why = _LIBRARY.get(error.code, (Check.SHAPE, "the answer is not as the standard wants it"))
        raise SamlRefused(check, why, found=str(error)) from None

    def _by_library(self, raw: bytes) -> Element:
        """The document whose signature was verified, decrypted when it was encrypted."""
        portal = self.expected.portal
        with library_reads(self.expected.now):
            answer = self._opened(raw)
            try:
                answer.is_valid(request_data(portal), self.expected.request_id, raise_exceptions=True)
            except Invalid as error:
                self._refuse(error, answer.get_xml_document())
            except Exception as error:  # noqa: BLE001
                raise _unreadable(error) from None
        return answer.get_xml_document()

    def _opened(self, raw: bytes) -> OneLogin_Saml2_Response:
        """Read, and decrypted by whichever of our keys it was encrypted for."""
        portal = self.expected.portal
        last: Exception | None = None
        for keys in (portal.keys, portal.spare) if portal.spare else (portal.keys,):
            settings = OneLogin_Saml2_Settings(library_settings(replace(portal, keys=keys), self.idp))
            try:
                return OneLogin_Saml2_Response(settings, base64.b64encode(raw))
            except Exception as error:  # noqa: BLE001
                # It decrypts here, and lets through whatever lxml and xmlsec raise.
                last = error
        raise _unreadable(last or ValueError()) from None


def _unreadable(error: Exception) -> SamlRefused:
    return SamlRefused(Check.SHAPE, "the answer could not be read", found=type(error).__name__)


def _arrived(document: Element) -> Arrived:
    """As much as can be read; an encrypted assertion that was refused stays closed."""
    assertions = message.find(document, "./saml:Assertion") if document is not None else []
    if not assertions:
        return Arrived()
    issuers = message.find(assertions[0], "./saml:Issuer")
    names = message.find(assertions[0], "./saml:Subject/saml:NameID")
    return Arrived(
        issuer=message.text(issuers[0]) if issuers else None,
        subject=message.text(names[0]) if names else None,
        subject_format=names[0].get("Format") if names else None,
        attributes=assertion.attributes(assertions[0]),
    )
