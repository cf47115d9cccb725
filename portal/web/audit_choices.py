"""The values of closed lists in the columns that the audit log tells of, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString

from portal.web.absence_words import COUNTING, COVER_RULES, HALVES, KINDS, STATUSES, UNITS
from portal.web.approval_words import STATUSES as STEP_STATUSES
from portal.web.approval_words import SUBJECTS
from portal.web.change_words import STATUSES as CHANGE_STATUSES
from portal.web.domain_words import FOUND
from portal.web.domain_words import STATUSES as DOMAIN_STATUSES
from portal.web.factor_words import POLICIES
from portal.web.feed_words import SCOPES
from portal.web.field_words import GROUPS, RETENTION
from portal.web.field_words import KINDS as FIELD_KINDS
from portal.web.holiday_words import PARTS as DAY_PARTS
from portal.web.holiday_words import SOURCES as HOLIDAY_SOURCES
from portal.web.incident_words import ANSWERS
from portal.web.incident_words import SHORT as SEVERITIES
from portal.web.licence_words import ARCHIVE_STATES, VERDICTS
from portal.web.licence_words import KINDS as LICENCE_KINDS
from portal.web.overtime_words import OVERTIME_STATUSES
from portal.web.plan_words import BASES, FREQUENCIES, GIVEN_AT, ROUNDINGS, RUNS
from portal.web.planned_words import PLANNED_STATUSES
from portal.web.planning_words import PLANNING_CHOICES, ROUND_STATUSES
from portal.web.privacy_words import ERASURES, EXPORTS, ORIGINS
from portal.web.scan_words import SCAN_STATES
from portal.web.sso_words import JOINING, STATES
from portal.web.sso_words import KINDS as PROVIDER_KINDS
from portal.web.staffing_columns import GROUP_KINDS
from portal.web.staffing_words import EFFECTS, MEASURES, METRICS, OVERRIDES
from portal.web.support_words import KINDS as GRANT_KINDS
from portal.web.support_words import SEALED as SEALED_VALUES
from portal.web.support_words import SHORT_AREAS

#: Where things stand, by table: "open" and "planned" are said of several, and mean something else of each.
_STATUSES: dict[str, Mapping[Any, LazyString]] = {
    "absence": STATUSES,
    "approval_step": STEP_STATUSES,
    "audit_export": EXPORTS,
    "company_archive": ARCHIVE_STATES,
    "data_export": EXPORTS,
    "domain_claim": DOMAIN_STATUSES,
    "erasure_request": ERASURES,
    "overtime_credit": OVERTIME_STATUSES,
    "people_change": CHANGE_STATUSES,
    "planned_absence": PLANNED_STATUSES,
    "planning_round": ROUND_STATUSES,
    "year_end_run": RUNS,
}
#: Values of other closed lists, by column.
_CHOICES: dict[str, dict[str, LazyString]] = {
    "scan_state": {str(one): words for one, words in SCAN_STATES.items()},
    "severity": {str(one): words for one, words in SEVERITIES.items()},
    "answer": {str(one): words for one, words in ANSWERS.items()},
    "areas": SHORT_AREAS,
    "counting": {str(method): words for method, words in COUNTING.items()},
    "unit": {str(unit): words for unit, words in UNITS.items()},
    "substitutes": {str(rule): words for rule, words in COVER_RULES.items()},
    "sealed": SEALED_VALUES,
    "origin": {str(origin): words for origin, words in ORIGINS.items()},
    "finding": {str(finding): words for finding, words in FOUND.items()},
    "joining": {str(joining): words for joining, words in JOINING.items()},
    "verdict": {str(one): words for one, words in VERDICTS.items()},
    "licence_kind": {str(kind): words for kind, words in LICENCE_KINDS.items()},
    "kind": {
        str(kind): words
        for kind, words in (KINDS | PROVIDER_KINDS | FIELD_KINDS | GRANT_KINDS | GROUP_KINDS).items()
    },
    "basis": {str(basis): words for basis, words in BASES.items()},
    "frequency": {str(frequency): words for frequency, words in FREQUENCIES.items()},
    "given_at": {str(when): words for when, words in GIVEN_AT.items()},
    "rounding": {str(how): words for how, words in ROUNDINGS.items()},
    "field_group": {str(group): words for group, words in GROUPS.items()},
    "retention": {str(retention): words for retention, words in RETENTION.items()},
    "part": {str(part): words for part, words in DAY_PARTS.items()},
    "first_part": {str(part): words for part, words in (DAY_PARTS | HALVES).items()},
    "last_part": {str(part): words for part, words in (DAY_PARTS | HALVES).items()},
    "source": {str(source): words for source, words in HOLIDAY_SOURCES.items()},
    "override": {str(one): words for one, words in OVERRIDES.items()},
    "metric": {str(metric): words for metric, words in METRICS.items()},
    "measure": {str(measure): words for measure, words in MEASURES.items()},
    "effect": {str(effect): words for effect, words in EFFECTS.items()},
    **PLANNING_CHOICES,
    "scope": {str(scope): words for scope, words in SCOPES.items()},
    "state": {str(state): words for state, words in STATES.items()},
    "subject": {str(kind): words for kind, words in SUBJECTS.items()},
    "second_factor_policy": {str(policy): words for policy, words in POLICIES.items()},
}


def choices_of(table: str, column: str) -> dict[str, LazyString]:
    """Each value of that column in words; none for a column without a closed list."""
    if column == "status":
        return {str(status): words for status, words in _STATUSES.get(table, {}).items()}
    return _CHOICES.get(column, {})
