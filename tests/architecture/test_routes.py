"""Every route says who may use it, every id in an address is typed, and addresses read alike."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from portal.domain.permissions import Permission
from portal.web.guards import (
    BY_TOKEN,
    UnmarkedRoute,
    by_token,
    public,
    refuse_unmarked_routes,
    requires,
    signed_in,
)

_PLACE = re.compile(r"<([^>]+)>")
_KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FILE = re.compile(r"\.(csv|ics|pdf)$")
#: Values that are words by nature.
_WORDS = {"company", "path:filename", "token"}


def test_every_route_has_one_access_mark(app):
    """T98: create_app has checked it; this repeats it on the finished app."""
    refuse_unmarked_routes(app)


def test_a_route_without_a_mark_stops_the_start():
    """T98."""
    naked = Flask("naked", static_folder=None)
    naked.add_url_rule("/naked", "naked", lambda: "")
    with pytest.raises(UnmarkedRoute, match="naked"):
        refuse_unmarked_routes(naked)


def test_a_guarded_route_without_a_company_stops_the_start():
    naked = Flask("naked", static_folder=None)
    naked.add_url_rule("/guarded", "guarded", signed_in(lambda: ""))
    with pytest.raises(UnmarkedRoute, match="company"):
        refuse_unmarked_routes(naked)


def test_two_marks_on_one_route_are_refused():
    with pytest.raises(UnmarkedRoute, match="two"):
        public(requires(Permission.AUDIT_VIEW)(lambda: ""))


def test_a_route_for_machines_needs_a_company_too():
    naked = Flask("naked", static_folder=None)
    naked.add_url_rule("/machines", "machines", by_token(lambda: ""))
    with pytest.raises(UnmarkedRoute, match="company"):
        refuse_unmarked_routes(naked)


def test_form_tokens_are_left_out_for_bearer_tokens_and_answers_from_elsewhere_alone(app):
    """T121: what needs no form token looks at no cookie, or is bound to a trip that this browser began."""
    csrf = app.extensions["csrf"]
    excused = {
        view
        for view in app.view_functions.values()
        if f"{view.__module__}.{view.__name__}" in csrf._exempt_views
    }
    machines = {view for view in app.view_functions.values() if view.access_mark is BY_TOKEN}
    from_elsewhere = {
        view for view in app.view_functions.values() if getattr(view, "posted_from_elsewhere", False)
    }
    assert excused == machines | from_elsewhere
    assert not machines & from_elsewhere
    assert len(excused) > 10
    assert csrf._exempt_blueprints == set()


def for_machines(app, rule):
    """Whether the standard that directories speak has chosen the address and its methods."""
    return app.view_functions[rule.endpoint].access_mark is BY_TOKEN


def test_every_value_in_an_address_is_typed(app):
    for rule in app.url_map.iter_rules():
        for place in _PLACE.findall(rule.rule):
            assert ":" in place or place in _WORDS, f"{rule}: <{place}> has no type"


def test_addresses_are_kebab_case(app):
    for rule in app.url_map.iter_rules():
        if for_machines(app, rule):
            continue
        words = [word for word in _PLACE.sub("", rule.rule).split("/") if word]
        assert all(_KEBAB.fullmatch(_FILE.sub("", word)) for word in words), rule.rule


def test_a_change_is_never_a_get(app):
    for rule in app.url_map.iter_rules():
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if for_machines(app, rule):
            assert len(methods) == 1
            continue
        assert methods in ({"GET"}, {"POST"}, {"GET", "POST"}), f"{rule}: {methods}"
