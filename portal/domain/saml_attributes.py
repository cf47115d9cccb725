"""Which of the attributes in a SAML assertion are the person's address, names and groups.

An admin may say what the provider calls them; without that the names that AD FS, Entra ID, Okta, Keycloak and
Google use are tried, in this order. None of them ever identifies anybody: only the NameID does.
"""

from __future__ import annotations

from collections.abc import Mapping

from portal.domain.sso import Asserted
from portal.domain.sso_settings import SamlSettings

Attributes = Mapping[str, tuple[str, ...]]
EMAIL_FORMAT = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
_CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"
_EMAIL = (
    f"{_CLAIMS}/emailaddress",
    "urn:oid:0.9.2342.19200300.100.1.3",
    *"email mail emailAddress Email E-Mail user.email".split(),
)
_FIRST_NAME = (
    f"{_CLAIMS}/givenname",
    "urn:oid:2.5.4.42",
    *"firstName givenName first_name given_name FirstName user.firstName".split(),
)
_LAST_NAME = (
    f"{_CLAIMS}/surname",
    "urn:oid:2.5.4.4",
    *"lastName sn surname last_name family_name LastName user.lastName".split(),
)
_GROUPS = (
    "http://schemas.xmlsoap.org/claims/Group",
    "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups",
    *"groups Groups memberOf Group".split(),
)
_MOST_SHOWN = 40
_LONGEST_SHOWN = 200


def asserted(
    subject: str, subject_format: str | None, attributes: Attributes, settings: SamlSettings
) -> Asserted:
    """The person as the company's own provider describes them; its word on addresses is the company's own."""
    email = _first(attributes, settings.email_attribute, _EMAIL)
    if not email and subject_format == EMAIL_FORMAT:
        email = subject
    email = email.lower()
    complete = email.count("@") == 1 and not email.startswith("@") and not email.endswith("@")
    return Asserted(
        subject=subject,
        email=email if complete else "",
        address_trusted=complete,
        first_name=_first(attributes, settings.first_name_attribute, _FIRST_NAME),
        last_name=_first(attributes, settings.last_name_attribute, _LAST_NAME),
        groups=frozenset(_values(attributes, settings.groups_attribute, _GROUPS)),
    )


def shown(attributes: Attributes) -> dict[str, str]:
    """What a test page shows of them, cut to a readable length."""
    some = list(attributes.items())[:_MOST_SHOWN]
    return {name[:_LONGEST_SHOWN]: ", ".join(values)[:_LONGEST_SHOWN] for name, values in some}


def _first(attributes: Attributes, chosen: str, usual: tuple[str, ...]) -> str:
    return next(iter(_values(attributes, chosen, usual)), "").strip()


def _values(attributes: Attributes, chosen: str, usual: tuple[str, ...]) -> tuple[str, ...]:
    names = (chosen,) if chosen else usual
    return next((attributes[name] for name in names if attributes.get(name)), ())
