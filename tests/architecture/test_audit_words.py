"""Whatever the audit log can tell has words: actions, subjects, columns, facts, and the values of closed lists."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import JSON, Enum

from portal.domain.audit_actions import Action
from portal.domain.permissions import BUILT_IN_ROLES, Permission
from portal.domain.sso_settings import _KINDS as SSO_SETTINGS
from portal.models.base import Base
from portal.models.identity import LinkPurpose
from portal.row_changes import _noted_columns
from portal.web.audit_choices import choices_of
from portal.web.audit_columns import COLUMNS, PARTS
from portal.web.audit_facts import FACTS, KINDS, VALUES
from portal.web.audit_gone import GONE
from portal.web.audit_groups import GROUPS, noun_of
from portal.web.guards import _DENIED
from portal.web.support_door import _TURNED_AWAY

PORTAL = Path(__file__).parents[2] / "portal"
#: Rows that are never the subject of an event: what is done to them is told of the row that they belong to.
NEVER_A_SUBJECT = {
    "absence_part",
    "absence_proof",
    "absence_substitute",
    "approval_step",
    "audit_export",
    "authenticator",
    "billing_event",
    "backup_run",
    "certificate_warning",
    "company_key",
    "confirmation",
    "erasure_step",
    "drill",
    "event",
    "erasure",
    "head",
    "incident",
    "incident_entry",
    "processor",
    "processor_notice",
    "identity",
    "licence_notice",
    "one_time_code",
    "operator_alarm",
    "outbox_message",
    "passkey",
    "passkey_challenge",
    "people_change",
    "planning_choice",
    "phone_factor",
    "published_shift",
    "recovery_code",
    "released_shift",
    "role_permission",
    "scim_group_member",
    "scim_person",
    "scim_role_grant",
    "sign_in_attempt",
    "sign_in_link",
    "sign_in_session",
    "sso_transaction",
    "operator_challenge",
    "operator_event",
    "operator_passkey",
    "operator_session",
    "operator_staff",
    "staffing_breach",
    "staffing_rule_part",
    "step_approver",
    "support_visit",
    "used_assertion",
    "verified_domain",
    "withdrawn_shift",
    "year_end_line",
}
#: Facts that reach audit.record as **something, by the name they have there. A new one is looked at and listed.
HANDED_ON = {
    ("naming.py", "facts"): {"employee", "absence_type"},
    ("absences.py", "facts"): {
        "step",
        "in_place_of",
        "out_of_turn",
        "broken_rules",
        "despite_because",
        "by_rule",
    },
    ("absences.py", "_out_of_turn(turn)"): {"out_of_turn"},
    ("overtime.py", "_by(turn)"): {"in_place_of", "out_of_turn"},
    ("escalation.py", "step"): {"step"},
    ("absence_entries.py", "facts"): {"broken_rules", "despite_because"},
    ("audit_exports.py", "facts_of(row)"): {"file_format", "through", "sha256"},
    ("audit_export_making.py", "facts_of(row)"): {"file_format", "through", "sha256"},
    ("confirmations.py", "facts"): {"statement", "sha256", "session"},
    ("changed_people.py", "told"): {"team", "site", "weekly_hours", "working_days", "by_roster", "role"},
    ("denials.py", "facts"): {"left_out", "path", "permission", "reason"},
    ("entering.py", "facts"): {"account", "email", "seen"},
    ("memberships.py", "facts"): {"employee", "team"},
    ("doing.py", "facts"): {"broken_rules", "despite_because"},
    ("doing.py", "told"): {"team", "site", "weekly_hours", "by_roster", "first_day"},
    ("quarantine.py", "facts"): {"file"},
    ("scanning.py", "facts"): {"file"},
    ("memory.py", "facts"): {"unchanged", "teams", "sites"},
    ("people.py", "changed"): {"terms_from"},
    ("sealed_reads.py", "facts"): {"source"},
    ("restoring.py", "told"): {"role", "person"},
    ("publishing.py", "facts"): {"broken_rules"},
    ("roster_publishing.py", "publication.counts"): {"added", "removed", "changed"},
}
#: Facts whose texts are people's own or numbers; all others say one of a closed list of things.
OPEN = {"code", "incident", "processor", "file", "domain", "place", "malware"}
MODELS = sorted((mapper.class_ for mapper in Base.registry.mappers), key=lambda model: model.__tablename__)
SUBJECTS = [model for model in MODELS if model.__tablename__ not in NEVER_A_SUBJECT]


def recordings() -> Iterator[tuple[str, ast.Call]]:
    """Every call of audit.record, with the file it stands in."""
    for path in PORTAL.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
                yield path.name, node


def facts_recorded() -> Iterator[tuple[str, ast.expr | None]]:
    """Every fact with the expression of its value; None where it is handed on."""
    for file, call in recordings():
        for keyword in call.keywords:
            if keyword.arg is None:
                handed = HANDED_ON.get((file, ast.unparse(keyword.value)))
                assert handed is not None, f"{file} hands on **{ast.unparse(keyword.value)}: list it here"
                yield from ((key, None) for key in handed)
            elif keyword.arg != "subject":
                yield keyword.arg, keyword.value


def test_every_fact_has_words():
    assert len(list(recordings())) > 50
    assert {key for key, _ in facts_recorded()} - set(FACTS) == set(), "add them to portal/web/audit_facts.py"


def test_every_text_that_a_service_gives_as_a_fact_has_words():
    """Of reason="wrong-password" the reader sees a sentence; also in either branch of a condition."""
    missing = {
        (key, node.value)
        for key, value in facts_recorded()
        if value is not None and key not in OPEN and not isinstance(value, ast.Call)
        for node in ast.walk(value)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value not in VALUES.get(key, {})
    }
    assert missing == set(), "add them to VALUES in portal/web/audit_facts.py"


def test_every_value_of_the_lists_behind_facts_has_words():
    assert {str(one) for one in Permission} == set(VALUES["permission"])
    assert set(BUILT_IN_ROLES) <= set(VALUES["role"])
    assert {str(reason) for reason in _DENIED | _TURNED_AWAY} <= set(VALUES["reason"])
    assert {str(purpose) for purpose in LinkPurpose} <= set(VALUES["reason"])
    assert texts_of("sign_in.py", "_why") <= set(VALUES["reason"])
    assert texts_of("sign_in.py", "sign_in", "how") <= set(VALUES["reason"])


def texts_of(file: str, function: str, keyword: str | None = None) -> set[str]:
    """The texts that a service's function returns, or gives on as `keyword`."""
    tree = ast.parse((PORTAL / "services" / file).read_text())
    [found] = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == function]
    said = [node.value for node in ast.walk(found) if isinstance(node, ast.Return) and keyword is None]
    said += [node.value for node in ast.walk(found) if isinstance(node, ast.keyword) and node.arg == keyword]
    texts = {node.value for one in said if one for node in ast.walk(one) if isinstance(node, ast.Constant)}
    found_texts = {text for text in texts if isinstance(text, str)}
    assert found_texts, f"{file} has no {function} any more"
    return found_texts


def test_words_are_of_facts_that_exist():
    assert set(KINDS) | set(VALUES) <= set(FACTS)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__tablename__)
def test_every_table_is_a_subject_or_never_one(model):
    name = model.__tablename__
    assert (name in GONE) is (name not in NEVER_A_SUBJECT), "portal/web/audit_gone.py or NEVER_A_SUBJECT"


@pytest.mark.parametrize("model", SUBJECTS, ids=lambda model: model.__tablename__)
def test_every_column_that_can_change_has_words(model):
    missing = {column for column, _mark in _noted_columns(model)} - set(COLUMNS)
    assert missing == set(), "add them to portal/web/audit_columns.py"


@pytest.mark.parametrize("model", SUBJECTS, ids=lambda model: model.__tablename__)
def test_every_value_of_a_closed_list_has_words(model):
    for column in model.__table__.columns:
        if isinstance(column.type, Enum):
            missing = set(column.type.enums) - set(choices_of(model.__tablename__, column.name))
            assert missing == set(), f"{column}: add them to portal/web/audit_choices.py"


@pytest.mark.parametrize("model", SUBJECTS, ids=lambda model: model.__tablename__)
def test_where_a_thing_stands_is_said_in_words_of_its_own(model):
    """An open round of planning is no request that was received."""
    column = model.__table__.columns.get("status")
    if column is not None:
        assert set(choices_of(model.__tablename__, "status")) == set(column.type.enums)


@pytest.mark.parametrize("model", SUBJECTS, ids=lambda model: model.__tablename__)
def test_every_column_of_several_values_says_what_they_are_called(model):
    for column in model.__table__.columns:
        if isinstance(column.type, JSON):
            assert (model.__tablename__, column.name) in PARTS, (
                "add them to PARTS in portal/web/audit_columns.py"
            )


def test_every_setting_of_a_provider_has_words():
    words = PARTS["identity_provider", "settings"]
    for form in SSO_SETTINGS.values():
        assert set(form.__dataclass_fields__) <= set(words)


def test_every_action_belongs_to_one_group_of_the_filter():
    for action in Action:
        assert sum(noun_of(action) in group.nouns for group in GROUPS) == 1, action
