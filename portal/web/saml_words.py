"""What is asked of a SAML provider's answer, in the reader's language, and what its admin can do about a no."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.domain.sso import CheckName

C = CheckName
#: Check: what it asks, and what to do when the answer is no. Names that other kinds share mean SAML's own here.
CHECKS: dict[CheckName, tuple[LazyString, LazyString]] = {
    C.ANSWER_SIZE: (_l("Small enough"), _l("The answer is larger than 256 kB. Send fewer attributes, above all fewer groups.")),
    C.READABLE: (_l("A SAML 2.0 answer"), _l("What arrived is no SAML 2.0 response. Check at the provider that the answer address is for SAML 2.0 by HTTP-POST.")),
    C.ENCRYPTION: (_l("Not encrypted, or in a safe way"), _l("Switch the encryption of assertions off at the provider: Staffroom publishes no key for it.")),
    C.ALGORITHM: (_l("Signed with SHA-256 or better"), _l("Choose SHA-256 as the signature algorithm at the provider. SHA-1 is no longer safe.")),
    C.COMPLETED: (_l("The provider signed the person in"), _l("The provider itself refused. Its own log says why; often the person is not allowed to use the application.")),
    C.SHAPE: (_l("Built as the standard wants it"), _l("The answer is not as SAML 2.0 prescribes. If the provider is a common product, tell the operator of Staffroom.")),
    C.ISSUER: (_l("Issued by this provider"), _l("Another entity ID stands in the answer. Read the provider's metadata again in step 2.")),
    C.SIGNATURE: (_l("Signed with a confirmed certificate"), _l("The provider has signed with another certificate, or somebody has changed the answer. If the provider has a new certificate, compare its thumbprint and add it.")),
    C.ASSERTION: (_l("The assertion itself is signed"), _l("Switch on at the provider that the assertion is signed. In Keycloak it is called Sign assertions; a signed response or document is not enough.")),
    C.DESTINATION: (_l("Sent to our answer address"), _l("The answer names another address. Copy the answer address from step 1 to the provider, exactly.")),
    C.REQUEST: (_l("Answers this sign-in"), _l("The answer belongs to another sign-in, or to none. Sign-ins that begin at the provider's own portal do not work; let its tile open the sign-in page of Staffroom.")),
    C.CONFIRMATION: (_l("Confirmed once, for whoever brings it"), _l("The answer has no bearer confirmation, or several. Choose the profile for web browser sign-in at the provider.")),
    C.RECIPIENT: (_l("Confirmed for our answer address"), _l("The recipient is another address. Copy the answer address from step 1 to the provider, exactly.")),
    C.CONFIRMED_REQUEST: (_l("Confirmed for this sign-in"), _l("The confirmation belongs to another sign-in, or to none. Begin the sign-in at Staffroom.")),
    C.CONFIRMATION_TIME: (_l("The confirmation is good now, and soon over"), _l("Either the clocks differ by more than a minute, or the provider makes answers that last longer than ten minutes. Compare the clocks, and shorten the lifetime.")),
    C.EXPIRY: (_l("The assertion is good now"), _l("The assertion is too old, not good yet, or good for ever. Compare the clock of the provider with the right time.")),
    C.AUDIENCE: (_l("Made for Staffroom alone"), _l("The audience is not our entity ID. Copy the entity ID from step 1 to the provider, exactly.")),
    C.SUBJECT: (_l("Names an account that stays the same"), _l("There is no usable NameID, or a transient one, which changes each time. Let the provider send a persistent or object ID as NameID.")),
    C.SIGNED_IN_AT: (_l("Says when the person signed in"), _l("The time of the sign-in is missing or lies in the future. Compare the clocks.")),
    C.REPLAY: (_l("Not used before"), _l("The same answer was posted a second time. A reloaded page does so; anything else is somebody with a copy of it.")),
}  # fmt: skip
