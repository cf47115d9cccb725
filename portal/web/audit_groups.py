"""The actions of the audit log by what they are about: for the filter, the icons, and what should catch the eye."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.domain.audit_actions import Action
from portal.web.audit_words import action_label


@dataclass(frozen=True)
class Group:
    """Actions whose name begins with one of the nouns."""

    key: str
    label: LazyString
    all_label: LazyString
    icon: str
    nouns: tuple[str, ...]

    @property
    def actions(self) -> list[Action]:
        return [one for one in Action if noun_of(one) in self.nouns]


GROUPS = (
    Group(
        "sign-in",
        _l("Sign-in and access"),
        _l("All about sign-in and access"),
        "login",
        (
            *(
                "access",
                "authenticator",
                "codes",
                "feed",
                "identity",
                "identity-provider",
                "invitation",
                "passkey",
                "password",
                "phone",
                "provisioning",
            ),
            *("recovery-code", "recovery-codes", "second-factor-policy", "second-factors"),
            *("session", "sessions", "sign-in", "sign-in-policy", "sign-out", "sso"),
        ),
    ),
    Group(
        "people",
        _l("People and teams"),
        _l("All about people and teams"),
        "user",
        (
            "custom-field",
            "employee",
            "employment",
            "line-manager",
            "people",
            "site",
            "team",
            "team-membership",
        ),
    ),
    Group("roles", _l("Roles"), _l("All about roles"), "shield-lock", ("role", "viewing")),
    Group(
        "absences",
        _l("Absences"),
        _l("All about absences"),
        "beach",
        (
            "absence",
            "absence-type",
            "approval-rule",
            "closure",
            "approval-texts",
            "delegation",
            "overtime",
            "entitlement",
            "entitlement-plan",
            "group-entry",
            "holiday",
            "lapse-notice",
            "law-pack",
            "ledger",
            "planned-absence",
            "planning-round",
            "report",
            "staffing",
            "staffing-rule",
            "year-end",
        ),
    ),
    Group("rosters", _l("Rosters"), _l("All about rosters"), "table", ("roster", "shift", "shift-template")),
    Group("documents", _l("Documents"), _l("All about documents"), "file-text", ("document", "file")),
    Group(
        "privacy",
        _l("Personal data"),
        _l("All about personal data"),
        "shield-check",
        ("data-export", "erasure", "legal-hold", "retention"),
    ),
    Group(
        "incidents",
        _l("Incidents"),
        _l("All about incidents and processors"),
        "alert-triangle",
        ("incident", "processor"),
    ),
    Group("support", _l("Support access"), _l("All about support access"), "help-circle", ("support",)),
    Group(
        "company",
        _l("Company"),
        _l("All about the company"),
        "building",
        (
            "archive",
            "audit",
            "audit-feed",
            "billing",
            "closing",
            "company",
            "domain",
            "licence",
            "licence-file",
        ),
    ),
)
#: What an admin looks at first: somebody was turned away, or something is not as it should be.
ALARMS = {
    Action.ACCESS_DENIED,
    Action.AUTHENTICATOR_DISABLED,
    Action.DOCUMENT_DAMAGED,
    Action.DOCUMENT_MENDED,
    Action.FILE_INFECTED,
    Action.DOMAIN_LOST,
    Action.DOMAIN_MISSING,
    Action.PHONE_DISABLED,
    Action.SIGN_IN_FAILED,
    Action.SUPPORT_ALARM,
    Action.SUPPORT_EMERGENCY_ASKED,
    Action.SUPPORT_EMERGENCY_OPENED,
    Action.SUPPORT_TURNED_AWAY,
}
#: Nothing was changed: somebody looked, downloaded or printed.
READING = {
    Action.AUDIT_EXPORTED,
    Action.DOCUMENT_DOWNLOADED,
    Action.EMPLOYEE_VIEWED_SEALED,
    Action.PEOPLE_EXPORTED,
    Action.REPORT_EXPORTED,
    Action.ROSTER_PRINTED,
    Action.VIEWING_ENDED,
    Action.VIEWING_STARTED,
}
#: What the filter offers before the groups; an empty value asks for everything.
_WHOLE: dict[str, tuple[LazyString, frozenset[Action]]] = {
    "reading": (_l("Only reading: looked at, downloaded, printed"), frozenset(READING)),
    "alarms": (_l("Only what was refused, failed or is damaged"), frozenset(ALARMS)),
}
_ICONS = {
    Action.ACCESS_DENIED: "lock",
    Action.EMPLOYEE_VIEWED_SEALED: "eye",
    Action.SIGN_IN_FAILED: "lock",
    Action.SIGN_OUT: "logout",
}


def noun_of(action: str) -> str:
    return action.partition(".")[0]


def icon_of(action: str) -> str:
    """The sign beside an event; one of a later version has that of the log."""
    by_group = next((group.icon for group in GROUPS if noun_of(action) in group.nouns), "history")
    return _ICONS.get(action, by_group)  # type: ignore[call-overload]


def choices() -> dict[str, list[tuple[str, str]]]:
    """For the filter: what cuts across, then each group with all of it first, and its actions by name."""
    return {
        "": [(key, str(label)) for key, (label, _actions) in _WHOLE.items()],
    } | {
        str(group.label): [
            (group.key, str(group.all_label)),
            *sorted(
                ((one.value, action_label(one)) for one in group.actions), key=lambda pair: pair[1].casefold()
            ),
        ]
        for group in GROUPS
    }


def actions_chosen(choice: str) -> tuple[str, ...]:
    """The actions behind a choice of the filter: those of a group or across groups, or the one."""
    if not choice:
        return ()
    if choice in _WHOLE:
        return tuple(sorted(_WHOLE[choice][1]))
    return next((tuple(group.actions) for group in GROUPS if group.key == choice), (choice,))
