"""The checks that an answer of an identity provider goes through, in their order, and how one of them says no."""

from enum import StrEnum


class Check(StrEnum):
    """One thing that must be right; the order is the order in which it is asked."""

    #: At most 256 kB.
    SIZE = "size"
    #: Base64 of XML without document type, and a SAML 2.0 Response.
    READABLE = "readable"
    #: What is encrypted is encrypted with AES-GCM and RSA-OAEP, for our key.
    ENCRYPTION = "encryption"
    #: Signatures use SHA-2 and cover exactly the element that they stand in.
    SIGNATURE_METHOD = "signature-method"
    #: The provider itself says that the sign-in succeeded.
    STATUS = "status"
    #: The answer has the shape that the standard prescribes.
    SHAPE = "shape"
    #: Response and assertion name this provider as their issuer.
    ISSUER = "issuer"
    #: Signed by one of the certificates that the admin confirmed.
    SIGNATURE = "signature"
    #: Exactly one assertion, and it carries a signature of its own.
    ASSERTION = "assertion"
    #: Sent to exactly our address.
    DESTINATION = "destination"
    #: Answers the request that this browser started.
    REQUEST = "request"
    #: Exactly one confirmation of the subject, by bearer.
    CONFIRMATION = "confirmation"
    #: That confirmation is for exactly our address.
    RECIPIENT = "recipient"
    #: That confirmation answers the same request.
    CONFIRMED_REQUEST = "confirmed-request"
    #: That confirmation ends, soon, and has not ended yet.
    CONFIRMATION_TIME = "confirmation-time"
    #: The assertion as a whole is valid now, and not for ever.
    TIME = "time"
    #: Made for us and for nobody else.
    AUDIENCE = "audience"
    #: Names the person, in a way that stays the same.
    SUBJECT = "subject"
    #: The person signed in there, recently enough.
    SIGNED_IN_AT = "signed-in-at"


class SamlRefused(Exception):
    """An answer that must not sign anybody in: which check failed, why, and what stood there instead.

    `why` is a short English phrase for logs and for the admin's test page; `found` is what arrived, cut short.
    """

    def __init__(self, check: Check, why: str, *, found: str | None = None) -> None:
        super().__init__(f"{check.value}: {why}")
        self.check = check
        self.why = why
        self.found = found[:200] if found is not None else None
