"""Rules about the code itself: sizes, names, and texts that must be complete."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from portal.domain.audit_actions import Action
from portal.domain.refusals import Reason
from portal.web.audit_words import ACTIONS
from portal.web.refusals import SENTENCES

PORTAL = Path(__file__).parents[2] / "portal"
MODULES = sorted(path for path in PORTAL.rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted((PORTAL / "templates").rglob("*.html"))
BANNED_NAMES = {"utils.py", "helpers.py", "common.py", "misc.py"}
#: What our policy for scripts and styles makes dead, or what would let text become code.
BANNED_IN_TEMPLATES = {
    r"\|\s*safe\b": "|safe",
    r"\sstyle\s*=": "inline style",
    r"\son[a-z]+\s*=": "inline handler",
    r"hx-on": "hx-on",
    r"hx-vars": "hx-vars",
    r"""=\s*["']js:""": "js: values",
    r"javascript:": "javascript: address",
    r"<script(?![^>]*\bsrc=)": "inline script",
    r"<style": "inline style sheet",
    r"""hx-trigger\s*=\s*["'][^"']*\[""": "trigger filter",
}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PORTAL)))
def test_a_module_is_small_and_says_what_it_owns(path):
    text = path.read_text()
    assert path.name not in BANNED_NAMES
    assert text.count("\n") <= 400
    if text.strip():
        assert ast.get_docstring(ast.parse(text)), "the module says what it owns"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PORTAL)))
def test_a_template_has_nothing_inline(path):
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
    found = [name for pattern, name in BANNED_IN_TEMPLATES.items() if re.search(pattern, text)]
    assert found == []


def test_no_code_marks_text_as_safe_html():
    """Markup is for the few functions that build cells and icons, and they escape."""
    allowed = {"web/assets.py", "web/cells.py"}
    found = {str(path.relative_to(PORTAL)) for path in MODULES if re.search(r"\bMarkup\(", path.read_text())}
    assert found <= allowed, found - allowed


def test_every_refusal_has_a_sentence():
    assert set(SENTENCES) == set(Reason)


def test_every_action_has_words():
    assert set(ACTIONS) == {action.value for action in Action}


def test_the_lists_of_reasons_and_actions_are_sorted():
    for members in (list(Reason), list(Action)):
        names = [member.name for member in members]
        assert names == sorted(names, key=lambda name: name.replace("_", " "))


def test_services_that_write_record_it():
    """A service module that adds, changes or deletes rows names the audit log, or writes nothing of its own."""
    exempt = set(
        "audit.py erasers.py kept_forms.py outbox.py queue.py replay_wall.py sealing.py sign_in_links.py throttles.py"
        " writing.py"
        # The request and each decision are recorded where they are made.
        " routes.py absence_postings.py"
        # Files, of which the rows beside them are recorded.
        " file_parts.py"
        # When and from where a token was used last stands beside it.
        " audit_feed.py provisioning_tokens.py"
        # The operator's own tables: of support they have a record of their own, operator_event.
        " operator_passkeys.py operator_sign_in.py operator_staff.py operator_work.py operator_alarms.py backup_log.py"
        " incidents.py processors.py".split()
    )
    for path in (PORTAL / "services").rglob("*.py"):
        text = path.read_text()
        writes = re.search(r"session\.(add|add_all|delete)\(|\bupdate\(|\bdelete\(", text)
        if writes and path.name not in exempt:
            assert "audit.record(" in text, f"{path.name} writes and records nothing"
