"""Single sign-on in the reader's language: kinds, states, and each check with what to do when it fails."""

from __future__ import annotations

from datetime import UTC, datetime

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.domain.sso import CheckName, Joining, ProviderKind, ProviderState
from portal.web import saml_words
from portal.web.filters import datetime_local

C = CheckName
KINDS: dict[ProviderKind, LazyString] = {
    ProviderKind.GOOGLE: _l("Google Workspace"),
    ProviderKind.MICROSOFT: _l("Microsoft Entra ID"),
    ProviderKind.SAML: _l("SAML 2.0"),
}
STATES: dict[ProviderState, LazyString] = {
    ProviderState.DRAFT: _l("Draft"),
    ProviderState.TESTED: _l("Tested"),
    ProviderState.ACTIVE: _l("Active"),
    ProviderState.OFF: _l("Switched off"),
}
JOINING: dict[Joining, LazyString] = {
    Joining.INVITED: _l("Invited people only"),
    Joining.VERIFIED_DOMAINS: _l("Everybody of the company's verified domains"),
}
WAYS: dict[str, LazyString] = {
    "known": _l("This account is linked with a person: they would be signed in."),
    "invitation": _l("The person would join by their invitation."),
    "creation": _l("Nobody has this account yet: a new person would be created from it."),
}
#: Check: what it asks, and what to do when the answer is no.
CHECKS: dict[CheckName, tuple[LazyString, LazyString]] = {
    C.ACCOUNT_FREE: (_l("The account belongs to nobody yet"), _l("Somebody in the company has linked this account already.")),
    C.ADDRESS_FREE: (_l("Nobody here has this address"), _l("Somebody with this address is here already. Addresses never join accounts: invite the person, or let them link the account from their own sign-in page.")),
    C.ADDRESS_GIVEN: (_l("An e-mail address was sent"), _l("Let the provider send the e-mail address.")),
    C.ADDRESS_INVITED: (_l("The address is the invited one"), _l("The invitation was opened, but somebody with another address signed in. They may have used the account of somebody else.")),
    C.ADDRESS_VERIFIED: (_l("The provider vouches for the address"), _l("The provider has not verified this address, so it says nothing about the person.")),
    C.ALGORITHM: (_l("Signed in the expected way"), _l("The token is not signed with RS256. Real ones are: somebody may be forging tokens.")),
    C.AUDIENCE: (_l("Meant for this portal"), _l("The token was made for another application. Compare the client ID with the one at the provider.")),
    C.AUTHORIZED_PARTY: (_l("Asked for by this portal"), _l("Another application asked for this token. Compare the client ID with the one at the provider.")),
    C.BROWSER: (_l("Came back in the same browser"), _l("The answer came in another browser, or at the address of another provider. A link may have been passed on, or somebody tried to sign another person in.")),
    C.COMPLETED: (_l("The sign-in was finished at the provider"), _l("The person turned back, or the provider turned them away: check there who may use the application.")),
    C.CREDENTIALS: (_l("The provider takes our client secret"), _l("The client ID or the secret is wrong, or the secret has expired. Create a new one at the provider and enter it here.")),
    C.DOMAIN_HOSTED: (_l("An account of the company's own Workspace"), _l("The account belongs to no Google Workspace, or to one whose domain is not verified for this company.")),
    C.DOMAIN_VERIFIED: (_l("The domain belongs to the company"), _l("The part after the @ is not a verified domain of this company.")),
    C.EXPIRY: (_l("Not expired"), _l("The token was too old. If this happens often, a clock is wrong: here, or at the provider.")),
    C.ISSUED: (_l("Made just now"), _l("The token says it was made in the future or long ago. A clock is wrong, or an old token was sent again.")),
    C.ISSUER: (_l("Issued by the right provider"), _l("Another issuer made the token. Compare the tenant ID with the one at the provider.")),
    C.JOINING_OPEN: (_l("People may join by themselves"), _l("Only people who were invited or have linked their account come in. You can change that in the set-up of the provider.")),
    C.KEY: (_l("Signed with a key of the provider"), _l("The provider publishes no such key. Real tokens name one that it does: somebody may be forging tokens.")),
    C.LIBRARY: (_l("Google's own library agrees"), _l("Our checks passed, Google's did not. Tell the operator.")),
    C.NAME_GIVEN: (_l("First and last name were sent"), _l("Let the provider send given name and family name.")),
    C.NONCE: (_l("Made for this very sign-in"), _l("The token belongs to another sign-in: it may have been sent again by somebody.")),
    C.NOT_BEFORE: (_l("Valid already"), _l("The token becomes valid later. A clock is wrong: here, or at the provider.")),
    C.NOT_GUEST: (_l("Not a guest of the tenant"), _l("The account is a guest's, and its home is elsewhere. Guests have to be invited here.")),
    C.OBJECT: (_l("Names a person of the tenant"), _l("The token has no object ID, so it does not say who the person is.")),
    C.PERSON_ACTIVE: (_l("The person works here"), _l("The person has left the company. Reactivate them if they are back.")),
    C.PERSON_KNOWN: (_l("Somebody here has this account"), _l("Nobody has linked this account. Invite the person, or let them link it from their own sign-in page.")),
    C.PERSON_UNLINKED: (_l("The person's only account there"), _l("The person has linked another account of this provider. They can remove it on their own sign-in page.")),
    C.REACHED: (_l("The provider answered"), _l("The provider, or its keys, could not be reached. Nothing is accepted without them.")),
    C.READABLE: (_l("The answer can be read"), _l("What came back is not a token of the expected form.")),
    C.REDEEMED: (_l("The provider gave a token"), _l("The provider refused to exchange the code. It may have been used before, or the redirect address there is not the one shown here.")),
    C.SIGNATURE: (_l("The signature is right"), _l("The signature does not fit the provider's key: somebody may be forging tokens.")),
    C.SUBJECT: (_l("Names an account"), _l("The provider sent no usable id of the account.")),
    C.TENANT: (_l("From the company's own tenant"), _l("The account belongs to another tenant, or is a personal one. Compare the tenant ID with the one at the provider.")),
    C.VERSION: (_l("A token of version 2.0"), _l("The token has another version. Register the application for accounts of this tenant only, and leave the token version alone.")),
}  # fmt: skip

#: Checks, and claims that a test shows, whose value is a moment.
_MOMENTS = {C.EXPIRY, C.ISSUED, C.NOT_BEFORE, "auth_time", "exp", "iat", "nbf"}
_LONGEST_SECONDS = 10

#: The words of what is no provider's: passwords, codes and links.
PASSWORD_REASONS: dict[str, LazyString] = {
    "dead-invitation": _l(
        "The link of the invitation was used, replaced, or too old. Invite the person again."
    ),
    "dead-password-reset": _l(
        "The link to a new password was used, replaced, or too old. The person can ask for another."
    ),
    "inactive": _l("The person has left the company."),
    "no-password": _l("The person has no password."),
    "passkey-refused": _l("The passkey was not accepted."),
    "password-too-short": _l(
        "The password is too short to stand alone; a mail with a way to a longer one went out."
    ),
    "single sign-on required": _l("The password was right, but the company requires single sign-on."),
    "too-many-tries": _l(
        "After many wrong tries the next one has to wait. Other ways to sign in work meanwhile, and so does a new password."
    ),
    "unknown": _l("Nobody here has the e-mail address that was typed."),
    "wrong-app-code": _l("The code of the app was wrong."),
    "wrong-code": _l("The code was wrong."),
    "wrong-password": _l("The password was wrong."),
    "wrong-recovery-code": _l("The recovery code was wrong."),
}


def plain_reason(reason: str) -> str:
    """Why somebody stayed outside, and what to do; a reason of a later version stays as it is called."""
    return check_advice(reason) or str(PASSWORD_REASONS.get(reason, reason))


def check_label(name: CheckName | str, *, kind: ProviderKind | None = None) -> str:
    """What the check asks."""
    return _words(name, kind)[0] or str(name)


def check_advice(name: CheckName | str, *, kind: ProviderKind | None = None) -> str:
    """What to do when it fails."""
    return _words(name, kind)[1]


def readable(name: CheckName | str, value: str) -> str:
    """What arrived, as people read it: tokens count moments in seconds since 1970."""
    if name not in _MOMENTS or not value.isascii() or not value.isdigit() or len(value) > _LONGEST_SECONDS:
        return value
    return f"{datetime_local(datetime.fromtimestamp(int(value), UTC))} ({value})"


def _words(name: CheckName | str, kind: ProviderKind | None) -> tuple[str, str]:
    """Of an OpenID provider and of none in particular, unless the check is SAML's alone; SAML has its own."""
    books = (saml_words.CHECKS, CHECKS) if kind is ProviderKind.SAML else (CHECKS, saml_words.CHECKS)
    for book in books:
        if name in book:
            label, advice = book[CheckName(name)]
            return str(label), str(advice)
    return "", ""
