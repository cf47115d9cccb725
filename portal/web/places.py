"""The places of the portal that one can go to: in the side bar, in the person's menu, on the administration page."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.domain.permissions import Permission


@dataclass(frozen=True)
class Page:
    """A place that one can go to. Shown when its endpoint exists and the person may use it."""

    endpoint: str
    label: LazyString
    icon: str
    permission: Permission | None = None  # None: everyone may
    #: What one does there, in a sentence; only on the administration page.
    purpose: LazyString | None = None
    #: The pages that it leads to: shown when one of them is, and marked on each of them.
    gathers: tuple[str, ...] = ()


#: What one sets up and then leaves alone: one entry of the side bar leads to all of it.
ADMINISTRATION: list[tuple[LazyString, list[Page]]] = [
    (
        _l("Company"),
        [
            Page(
                "settings.edit",
                _l("Settings"),
                "settings",
                Permission.COMPANY_EDIT,
                _l("Name, language, time zone, country, and who needs a second factor."),
            ),
            Page(
                "licence.show",
                _l("Licence"),
                "briefcase",
                Permission.COMPANY_EDIT,
                _l("What is paid for, an archive of everything to take along, and the end."),
            ),
            Page(
                "support.index",
                _l("Support access"),
                "help-circle",
                Permission.SUPPORT_ASK,
                _l("Let staff of the operator look at something, for hours, and see what they saw."),
            ),
            Page(
                "incidents.index",
                _l("Incidents"),
                "alert-triangle",
                Permission.COMPANY_EDIT,
                _l("What touched your data, whom it touched, and whom the operator tells."),
            ),
            Page(
                "processors.index",
                _l("Processors"),
                "world",
                Permission.COMPANY_EDIT,
                _l("Who else handles your data, where, and changes that you may object to."),
            ),
        ],
    ),
    (
        _l("Absences"),
        [
            Page(
                "absence_types.index",
                _l("Types of absence"),
                "beach",
                Permission.ABSENCE_TYPE_MANAGE,
                _l("What people can ask for, what it grants and which rules hold from when."),
            ),
            Page(
                "year_ends.index",
                _l("Year ends"),
                "history",
                Permission.YEAR_END_RUN,
                _l("What of a year is carried over and what lapses, looked at before it is posted."),
            ),
            Page(
                "holidays.index",
                _l("Public holidays"),
                "calendar-event",
                Permission.HOLIDAY_MANAGE,
                _l("Which days are free at which site, from the law, a file or your own decision."),
            ),
            Page(
                "closures.index",
                _l("Closures"),
                "calendar-off",
                Permission.ABSENCE_ENTER,
                _l("Days on which the company or a site is closed, and what they are charged to."),
            ),
            Page(
                "group_entries.index",
                _l("Absences for many"),
                "users",
                Permission.ABSENCE_ENTER,
                _l("Enter one absence for many people, looked at person by person before, undone as one."),
            ),
            Page(
                "planning_rounds.index",
                _l("Planning rounds"),
                "calendar",
                Permission.ABSENCE_ENTER,
                _l("Who gets which days off: people plan, you weigh and publish, undone as one."),
            ),
            Page(
                "staffing_rules.index",
                _l("Rules of staffing"),
                "users",
                Permission.STAFFING_MANAGE,
                _l("How many have to be there or may be away, and which days ahead break it."),
            ),
            Page(
                "law_packs.index",
                _l("Law packs"),
                "briefcase",
                Permission.ABSENCE_TYPE_MANAGE,
                _l("Which rules of law on leave hold at which site, and what a lawyer must check."),
            ),
            Page(
                "data_health.index",
                _l("Data health"),
                "circle-check",
                Permission.LEDGER_ADJUST,
                _l("What does not fit together in time off, with the way to put it right."),
            ),
        ],
    ),
    (
        _l("People and rights"),
        [
            Page(
                "roles.index",
                _l("Roles"),
                "shield-lock",
                Permission.ROLE_GRANT,
                _l("What the holders of a role may do, and who holds it."),
            ),
            Page(
                "teams_and_sites.index",
                _l("Teams and sites"),
                "users",
                Permission.EMPLOYEE_IMPORT,
                _l("With whom people work and where, and in which country a site is."),
            ),
            Page(
                "people.fields",
                _l("Fields of people"),
                "adjustments",
                Permission.PEOPLE_FIELDS_MANAGE,
                _l("What is kept about a person beyond the usual, who sees it and for how long."),
            ),
        ],
    ),
    (
        _l("Sign-in"),
        [
            Page(
                "sso_settings.index",
                _l("Sign-in"),
                "key",
                Permission.SIGN_IN_MANAGE,
                _l("Single sign-on with Google, Microsoft or SAML, and how it is enforced."),
            ),
            Page(
                "domains.index",
                _l("E-mail domains"),
                "world",
                Permission.COMPANY_EDIT,
                _l("Show that a domain is yours, so that its people find their way in."),
            ),
            Page(
                "provisioning.index",
                _l("Provisioning"),
                "refresh",
                Permission.PROVISIONING_MANAGE,
                _l("A directory that adds newcomers and shuts leavers out by itself (SCIM)."),
            ),
        ],
    ),
]
SET_UP = {page.endpoint: page for _, pages in ADMINISTRATION for page in pages}
#: Any of these opens the administration page.
SETS_UP = {page.permission for page in SET_UP.values() if page.permission}
GROUPS: list[tuple[LazyString, list[Page]]] = [
    (
        _l("My work"),
        [
            Page("home.index", _l("Home"), "home"),
            Page("absences.index", _l("My absences"), "beach"),
            Page("shifts.index", _l("My shifts"), "clock"),
            Page("documents.index", _l("My documents"), "file-text"),
        ],
    ),
    (
        _l("Team"),
        [
            Page("calendar.index", _l("Calendar"), "calendar", Permission.CALENDAR_VIEW),
            Page("rosters.index", _l("Roster"), "table", Permission.ROSTER_VIEW),
            Page("sickness.index", _l("Sickness"), "stethoscope", Permission.SICKNESS_VIEW),
            Page("reports.index", _l("Reports"), "file-text", Permission.ABSENCE_APPROVE),
            Page("absences.approvals", _l("Approvals"), "clipboard-check", Permission.ABSENCE_APPROVE),
        ],
    ),
    (
        _l("Company"),
        [
            Page("people.index", _l("People"), "users", Permission.DIRECTORY_VIEW),
            Page("documents.manage", _l("Documents"), "files", Permission.DOCUMENT_DISTRIBUTE),
            Page("privacy.requests", _l("Personal data"), "shield-check", Permission.PRIVACY_MANAGE),
            Page("audit.index", _l("Audit log"), "history", Permission.AUDIT_VIEW),
            Page("settings.index", _l("Administration"), "settings", gathers=tuple(SET_UP)),
        ],
    ),
]
PERSON_PAGES = [
    Page("profile.show", _l("My profile"), "user"),
    Page("sso.methods", _l("My ways to sign in"), "key"),
    Page("sessions.index", _l("Security"), "shield-lock"),
    Page("privacy.mine", _l("My data"), "id"),
    Page("delegations.index", _l("Deputies"), "users"),
    Page("feeds.index", _l("Calendar feeds"), "calendar"),
]
