"""What the audit log calls the subject of an event when its row is gone, in the reader's language."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

#: The tables whose rows can be the subject of an event, and what to say when such a row is gone.
GONE: dict[str, LazyString] = {
    "company_incident": _l("an incident"),
    "processor_answer": _l("an answer about a processor"),
    "absence": _l("an absence that no longer exists"),
    "absence_type": _l("a type of absence that no longer exists"),
    "approval_rule": _l("steps of approval"),
    "request_approval_rule": _l("steps of approval"),
    "audit_feed_token": _l("a token of the feed"),
    "licence_file": _l("a licence file"),
    "closing": _l("a wish to close the company"),
    "absence_type_version": _l("rules that no longer exist"),
    "agreed_entitlement": _l("what was agreed with a person"),
    "company": _l("the company"),
    "company_archive": _l("an archive of the company"),
    "custom_field": _l("a field that no longer exists"),
    "delegation": _l("a delegation"),
    "custom_value": _l("a value that was taken away"),
    "data_export": _l("a copy of somebody's data"),
    "distribution": _l("a handing out of a document that no longer exists"),
    "distribution_recipient": _l("a document that no longer exists"),
    "document": _l("a document that no longer exists"),
    "document_version": _l("a document that no longer exists"),
    "domain_claim": _l("an e-mail domain that was removed"),
    "employee": _l("a person who is no longer in the portal"),
    "employment": _l("terms of employment that no longer exist"),
    "feed": _l("a calendar feed that no longer exists"),
    "entitlement_plan": _l("a plan that no longer exists"),
    "erasure_request": _l("a request for erasure"),
    "identity_provider": _l("a sign-in provider that was removed"),
    "lapse_notice": _l("a letter about days that lapse"),
    "ledger_entry": _l("a movement of a balance that no longer exists"),
    "overtime_credit": _l("hours of overtime that no longer exist"),
    "planned_absence": _l("planned days that no longer exist"),
    "planning_round": _l("a planning round that no longer exists"),
    "people_import": _l("an import of people"),
    "legal_hold": _l("a legal hold"),
    "role": _l("a role that no longer exists"),
    "role_grant": _l("a role that was taken away"),
    "roster": _l("a roster that no longer exists"),
    "scim_group": _l("a group that the directory removed"),
    "scim_token": _l("a token that no longer exists"),
    "shift": _l("a shift that was removed"),
    "shift_template": _l("a shift template that no longer exists"),
    "sign_in_policy": _l("how people sign in"),
    "site": _l("a site that no longer exists"),
    "person_calendar": _l("a calendar of holidays that was taken back"),
    "person_holiday": _l("a free day that no longer exists"),
    "site_holiday": _l("a holiday that no longer exists"),
    "law_pack_choice": _l("a choice of a law pack"),
    "site_region": _l("a region that no longer holds"),
    "group_entry": _l("an absence of many people that no longer exists"),
    "staffing_rule": _l("a rule of staffing that no longer exists"),
    "support_grant": _l("support access"),
    "team": _l("a team that no longer exists"),
    "line_management": _l("a line manager of earlier"),
    "team_membership": _l("a team membership that no longer exists"),
    "year_end_run": _l("a year end"),
}


def gone(table: str) -> str:
    """What to say of a row that is gone and of which nothing is left to tell."""
    return str(GONE.get(table) or _l("something that no longer exists"))
