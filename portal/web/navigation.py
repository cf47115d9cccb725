"""Which pages the side bar, the person's menu and the administration page offer. What is allowed is not decided here:
`can` does.
"""

from dataclasses import dataclass
from functools import lru_cache

from flask import Flask, current_app, request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from jinja2 import pass_context
from jinja2.runtime import Context

from portal.domain.permissions import Permission
from portal.web import tenancy
from portal.web.filters import language_tag


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


@dataclass(frozen=True)
class Link:
    """A page as the template draws it."""

    url: str
    label: str
    icon: str
    current: bool
    purpose: LazyString | None = None


@dataclass(frozen=True)
class Group:
    """Links under one heading, at least one."""

    label: LazyString
    links: list[Link]


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
_SET_UP = {page.endpoint: page for _, pages in ADMINISTRATION for page in pages}
#: Any of these opens the administration page.
SETS_UP = {page.permission for page in _SET_UP.values() if page.permission}
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
            Page("settings.index", _l("Administration"), "settings", gathers=tuple(_SET_UP)),
        ],
    ),
]
PERSON_PAGES = [
    Page("profile.show", _l("My profile"), "user"),
    Page("sso.methods", _l("My ways to sign in"), "key"),
    Page("sessions.index", _l("Security"), "shield-lock"),
    Page("privacy.mine", _l("My data"), "id"),
    Page("feeds.index", _l("Calendar feeds"), "calendar"),
]


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        navigation=navigation,
        administration=administration,
        person_pages=person_pages,
        has_page=has_page,
        narrow_side_bar=narrow_side_bar,
        way_up=way_up,
    )


@pass_context
def navigation(context: Context) -> list[Group]:
    """Template global: the groups of the side bar for the person who is signed in.

    A page that belongs to another entry than the first of its blueprint sets `side_bar_entry` to its endpoint.
    """
    skipped = 1 if _is_support(context) else 0  # staff of the operator have no work of their own here
    return _groups(GROUPS[skipped:], context)


@pass_context
def administration(context: Context) -> list[Group]:
    """Template global: what the person may set up, for the page that gathers it."""
    return _groups(ADMINISTRATION, context)


@pass_context
def way_up(context: Context) -> Link | None:
    """Template global: the administration page, for the pages that it leads to."""
    if request.endpoint not in _SET_UP or _is_support(context):
        return None
    return _link(_PAGES["settings.index"], None)


@pass_context
def person_pages(context: Context) -> list[Link]:
    """Template global: the pages of the person's own menu."""
    return [] if _is_support(context) else _links(PERSON_PAGES, context)


def _is_support(context: Context) -> bool:
    actor = context.resolve("actor")
    return bool(actor) and actor.support is not None


def has_page(endpoint: str) -> bool:
    """Template global: whether this portal has such a page, so that a layout can be ahead of a feature."""
    return endpoint in current_app.view_functions


def narrow_side_bar() -> bool:
    """Template global: whether the person keeps the side bar as a strip of icons."""
    return request.cookies.get("sidebar") == "closed"


def _groups(pages: list[tuple[LazyString, list[Page]]], context: Context) -> list[Group]:
    groups = [Group(label, _links(some, context)) for label, some in pages]
    return [group for group in groups if group.links]


def _links(pages: list[Page], context: Context) -> list[Link]:
    entry = _entry(context)
    return [_link(page, entry) for page in pages if _may_open(page, context)]


def _link(page: Page, entry: str | None) -> Link:
    page_of = tenancy.company_slug() or "", request.script_root, language_tag()
    current = entry == page.endpoint or entry in page.gathers
    return Link(*_drawn(page.endpoint, *page_of), page.icon, current, page.purpose)


def _may_open(page: Page, context: Context) -> bool:
    if page.gathers:
        # What staff of the operator may open, their overview lists.
        return not _is_support(context) and any(_may_open(_SET_UP[one], context) for one in page.gathers)
    can = context.resolve("can")
    return has_page(page.endpoint) and (page.permission is None or (callable(can) and can(page.permission)))


@lru_cache(maxsize=4096)
def _drawn(endpoint: str, _company: str, _root: str, _language: str) -> tuple[str, str]:
    """Address and label: the same few on every page of a company; finding them takes as long as drawing them."""
    return url_for(endpoint), str(_PAGES[endpoint].label)


def _entry(context: Context) -> str | None:
    """The entry of the page one is on; a page without one marks the first entry of its blueprint."""
    chosen: str | None = context.get("side_bar_entry")
    if chosen or request.endpoint in _PAGES or request.blueprint is None:
        return chosen or request.endpoint
    return _FIRST_ENTRIES.get(request.blueprint, request.endpoint)


_OFFERED = [page for _, pages in (*GROUPS, *ADMINISTRATION) for page in pages]
_PAGES = {page.endpoint: page for page in (*_OFFERED, *PERSON_PAGES)}
_FIRST_ENTRIES = {page.endpoint.partition(".")[0]: page.endpoint for page in reversed(_OFFERED)}
