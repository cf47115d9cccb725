"""The values of closed lists in the columns that the audit log tells of, in the reader's language."""

from __future__ import annotations

from flask_babel import LazyString

from portal.web.absence_words import COUNTING, COVER_RULES, HALVES, KINDS, STATUSES, UNITS
from portal.web.approval_words import SUBJECTS
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
from portal.web.planning_words import PLANNING_CHOICES, PLANNING_STATUSES
from portal.web.privacy_words import ERASURES, EXPORTS, ORIGINS
from portal.web.scan_words import SCAN_STATES
from portal.web.sso_words import JOINING, STATES
from portal.web.sso_words import KINDS as PROVIDER_KINDS
from portal.web.staffing_columns import GROUP_KINDS
from portal.web.staffing_words import EFFECTS, MEASURES, METRICS, OVERRIDES
from portal.web.support_words import KINDS as GRANT_KINDS
from portal.web.support_words import SEALED as SEALED_VALUES
from portal.web.support_words import SHORT_AREAS

#: Values of closed lists, by column.
CHOICES: dict[str, dict[str, LazyString]] = {
    "scan_state": {str(one): words for one, words in SCAN_STATES.items()},
    "status": {
        str(status): words
        for status, words in (
            (RUNS | ARCHIVE_STATES | STATUSES | OVERTIME_STATUSES | PLANNING_STATUSES)
            | (DOMAIN_STATUSES | ERASURES | EXPORTS)
        ).items()
    },
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
