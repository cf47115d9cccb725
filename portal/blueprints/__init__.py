"""The pages, one package per feature. A package with a `blueprint` is found by its name in FEATURES."""

from __future__ import annotations

from importlib import import_module

from flask import Blueprint

FEATURES = (
    "start",
    "year_ends",
    "sign_in",
    "sso",
    "sso_settings",
    "sessions",
    "preferences",
    "home",
    "people",
    "teams_and_sites",
    "profile",
    "settings",
    "licence",
    "archives",
    "billing",
    "erasures",
    "roles",
    "domains",
    "provisioning",
    "scim",
    "absences",
    "absence_types",
    "overtime",
    "planned_absences",
    "planning_rounds",
    "sickness",
    "holidays",
    "staffing_rules",
    "group_entries",
    "closures",
    "law_packs",
    "data_health",
    "reports",
    "delegations",
    "calendar",
    "feeds",
    "shifts",
    "rosters",
    "documents",
    "audit",
    "privacy",
    "incidents",
    "processors",
    "trust",
)


def all_blueprints(*, outbox: bool, support: bool) -> list[Blueprint]:
    """Every feature's blueprint; the outbox and support access exist only where they are switched on."""
    names = (*FEATURES, *(("outbox",) if outbox else ()), *(("support", "operator") if support else ()))
    return [import_module(f"portal.blueprints.{name}").blueprint for name in names]
