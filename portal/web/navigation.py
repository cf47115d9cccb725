"""Which pages the side bar, the person's menu and the administration page offer. What is allowed is not decided here:
`can` does.
"""

from dataclasses import dataclass
from functools import lru_cache

from flask import Flask, current_app, request, url_for
from flask_babel import LazyString
from jinja2 import pass_context
from jinja2.runtime import Context

from portal.web import tenancy
from portal.web.filters import language_tag
from portal.web.places import ADMINISTRATION, GROUPS, PERSON_PAGES, SET_UP, Page


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
    if request.endpoint not in SET_UP or _is_support(context):
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
        return not _is_support(context) and any(_may_open(SET_UP[one], context) for one in page.gathers)
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
