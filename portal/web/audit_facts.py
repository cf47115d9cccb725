"""What services add to an event in their own words, in the reader's: which fact it is, and what it says."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.services.audit_values import Kind
from portal.web.factor_words import FACTORS
from portal.web.permission_words import PERMISSIONS
from portal.web.role_words import ROLES
from portal.web.sso_words import CHECKS

FACTS: dict[str, LazyString] = {
    "account": _l("Account at the provider"),
    "added": _l("New shifts"),
    "allowed": _l("Allows"),
    "at": _l("Where"),
    "by": _l("How"),
    "by_itself": _l("Ended by itself"),
    "called_before": _l("Called before"),
    "changed": _l("Changed"),
    "code": _l("Shift"),
    "column": _l("Value"),
    "count": _l("Sessions"),
    "days": _l("Days left"),
    "domain": _l("Domain"),
    "draft": _l("Draft"),
    "email": _l("E-mail"),
    "employee": _l("Person"),
    "factors": _l("Second factors"),
    "failures": _l("Wrong tries"),
    "file": _l("File"),
    "first_day": _l("First day"),
    "good": _l("Accepted"),
    "holders": _l("Holders"),
    "last_day": _l("Last day"),
    "left": _l("Codes left"),
    "left_out": _l("Tries not listed before"),
    "new": _l("New people"),
    "newcomers": _l("Newcomers"),
    "no_longer": _l("No longer allows"),
    "passkey": _l("Passkey"),
    "path": _l("Page"),
    "people": _l("People"),
    "permission": _l("Missing right"),
    "person": _l("E-mail"),
    "place": _l("In the place of"),
    "provider": _l("Sign-in provider"),
    "prefix": _l("Numbers beginning with"),
    "reason": _l("Because"),
    "recipients": _l("Recipients"),
    "removed": _l("Removed shifts"),
    "replaced": _l("Instead of another one"),
    "role": _l("Role"),
    "roles": _l("Roles"),
    "roster_version": _l("Published version"),
    "row": _l("Row of the file"),
    "seen": _l("Arrived"),
    "session": _l("Session"),
    "sha256": _l("Checksum of the file"),
    "site": _l("Site"),
    "sites": _l("Sites"),
    "source": _l("Source"),
    "start_date": _l("First day"),
    "statement": _l("Confirmed sentence"),
    "staff": _l("Of support"),
    "support": _l("Under permission"),
    "team": _l("Team"),
    "teams": _l("Teams"),
    "teams_joined": _l("Teams joined"),
    "teams_left": _l("Teams left"),
    "terms_from": _l("New terms from"),
    "thousandths_of_days": _l("Granted in total"),
    "unchanged": _l("Unchanged"),
    "until": _l("Until"),
    "version": _l("Version"),
    "viewing_as": _l("While looking as"),
    "way": _l("Way of signing in"),
    "weekly_hours": _l("Weekly hours"),
    "weekly_minutes": _l("Weekly hours"),
    "years": _l("Years"),
}
#: How a fact is written, where it is more than a text or a number.
KINDS: dict[str, Kind] = {
    "allowed": Kind.GRANTS,
    "by_itself": Kind.FLAG,
    "draft": Kind.FLAG,
    "employee": Kind.REFERENCE,
    "first_day": Kind.DATE,
    "last_day": Kind.DATE,
    "good": Kind.FLAG,
    "no_longer": Kind.GRANTS,
    "replaced": Kind.FLAG,
    "session": Kind.MARK,
    "sha256": Kind.MARK,
    "start_date": Kind.DATE,
    "support": Kind.MARK,
    "terms_from": Kind.DATE,
    "thousandths_of_days": Kind.DAYS,
    "until": Kind.MOMENT,
    "weekly_minutes": Kind.MINUTES,
}
#: Facts that say one of a few things, in words.
VALUES: dict[str, dict[str, LazyString]] = {
    "at": {"set-up": _l("While it was set up"), "step-up": _l("Password asked for again")},
    "by": {
        "identity provider": _l("by the sign-in provider"),
        "owner": _l("by the person"),
        "reset": _l("with a link by e-mail"),
        "password": _l("Password"),
        **FACTORS,
    },
    "column": {"phone": _l("Mobile phone")},
    "factors": FACTORS,
    "permission": {str(one): words for one, words in PERMISSIONS.items()},
    "reason": {
        **{str(name): words[0] for name, words in CHECKS.items()},
        "grant-above-own": _l("The role may do more than the giver"),
        "inactive": _l("The person has left"),
        "invitation": _l("Invitation by e-mail"),
        "no-password": _l("The person has no password yet"),
        "not-permitted": _l("The role does not allow it"),
        "passkey-refused": _l("The passkey was not accepted"),
        "own-request": _l("Nobody decides on their own request"),
        "password": _l("Password"),
        "password and code": _l("Password and code by SMS"),
        "second factor": _l("Second factor"),
        "single sign-on required": _l("The company requires single sign-on"),
        "password-reset": _l("Link to a new password"),
        "password-too-short": _l("The password is too short without a code"),
        "unknown": _l("Nobody has this e-mail address"),
        "wrong-app-code": _l("Wrong code of the app"),
        "wrong-code": _l("Wrong code"),
        "wrong-password": _l("Wrong password"),
        "wrong-recovery-code": _l("Wrong recovery code"),
    },
    "role": dict(ROLES),
    "roles": dict(ROLES),
    "source": {"import": _l("Import of people")},
    "way": {"password": _l("Password")},
}
#: Where the same fact means something else.
_OF_ACTION: dict[tuple[str, str], LazyString] = {
    ("people.imported", "changed"): _l("Changed people"),
    ("people.imported", "unchanged"): _l("Unchanged people"),
    ("recovery-codes.made", "count"): _l("Codes"),
    ("roster.published", "changed"): _l("Changed shifts"),
    ("roster.published", "people"): _l("People concerned"),
    ("sign-in.succeeded", "reason"): _l("With"),
}


def fact_label(action: str, key: str) -> str:
    """The fact in words; one of a later version is shown as it is called."""
    return str(_OF_ACTION.get((action, key)) or FACTS.get(key) or key.replace("_", " "))
