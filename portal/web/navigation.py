"""Which pages the side bar and the person's menu offer. What is allowed is not decided here: `can` does."""

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


@dataclass(frozen=True)
class Link:
    """A page as the template draws it."""

    url: str
    label: str
    icon: str
    current: bool


@dataclass(frozen=True)
class Group:
    """A named part of the side bar that has at least one link."""

    label: LazyString
    links: list[Link]


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
            Page("absences.approvals", _l("Approvals"), "clipboard-check", Permission.ABSENCE_APPROVE),
        ],
    ),
    (
        _l("Company"),
        [
            Page("people.index", _l("People"), "users", Permission.DIRECTORY_VIEW),
            Page("documents.manage", _l("Documents"), "files", Permission.DOCUMENT_DISTRIBUTE),
            Page("absence_types.index", _l("Types of absence"), "beach", Permission.ABSENCE_TYPE_MANAGE),
            Page("people.fields", _l("Fields of people"), "adjustments", Permission.PEOPLE_FIELDS_MANAGE),
            Page("privacy.requests", _l("Personal data"), "shield-check", Permission.PRIVACY_MANAGE),
        ],
    ),
    (
        _l("Administration"),
        [
            Page("audit.index", _l("Audit log"), "history", Permission.AUDIT_VIEW),
            Page("roles.index", _l("Roles"), "shield-lock", Permission.ROLE_GRANT),
            Page("settings.edit", _l("Settings"), "settings", Permission.COMPANY_EDIT),
            Page("sso_settings.index", _l("Sign-in"), "key", Permission.SIGN_IN_MANAGE),
            Page("domains.index", _l("E-mail domains"), "world", Permission.COMPANY_EDIT),
            Page("provisioning.index", _l("Provisioning"), "refresh", Permission.PROVISIONING_MANAGE),
            Page("support.index", _l("Support access"), "help-circle", Permission.SUPPORT_ASK),
            Page("licence.show", _l("Licence"), "briefcase", Permission.COMPANY_EDIT),
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


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(
        navigation=navigation, person_pages=person_pages, has_page=has_page, narrow_side_bar=narrow_side_bar
    )


@pass_context
def navigation(context: Context) -> list[Group]:
    """Template global: the groups of the side bar for the person who is signed in.

    A page that belongs to another entry than the first of its blueprint sets `side_bar_entry` to its endpoint.
    """
    skipped = 1 if _is_support(context) else 0  # staff of the operator have no work of their own here
    groups = [Group(label, _links(pages, context)) for label, pages in GROUPS[skipped:]]
    return [group for group in groups if group.links]


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


def _links(pages: list[Page], context: Context) -> list[Link]:
    can, entry = context.resolve("can"), context.get("side_bar_entry") or _current_entry()
    page_of = tenancy.company_slug() or "", request.script_root, language_tag()
    return [
        Link(*_drawn(page.endpoint, *page_of), page.icon, current=page.endpoint == entry)
        for page in pages
        if has_page(page.endpoint) and (page.permission is None or (callable(can) and can(page.permission)))
    ]


@lru_cache(maxsize=4096)
def _drawn(endpoint: str, _company: str, _root: str, _language: str) -> tuple[str, str]:
    """Address and label: the same few on every page of a company; finding them takes as long as drawing them."""
    return url_for(endpoint), str(_PAGES[endpoint].label)


def _current_entry() -> str | None:
    """The entry of the page one is on; a page without one marks the first entry of its blueprint."""
    if request.endpoint in _ENTRIES or request.blueprint is None:
        return request.endpoint
    return _FIRST_ENTRIES.get(request.blueprint, request.endpoint)


_ENTRIES = {page.endpoint for _, pages in GROUPS for page in pages}
_PAGES = {page.endpoint: page for pages in (*(pages for _, pages in GROUPS), PERSON_PAGES) for page in pages}
_FIRST_ENTRIES = {
    page.endpoint.partition(".")[0]: page.endpoint
    for _, pages in reversed(GROUPS)
    for page in reversed(pages)
}
