"""Asks the running database whether companies are apart: its rules as written, and as the portal's role meets them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import text

from portal.db import open_session, without_company
from portal.models.base import Base, CompanyScoped
from portal.services import companies
from portal.services.backups.checks import SECURED_TABLES, STRONG_ROLES


@dataclass(frozen=True)
class Isolation:
    """How much was asked, and what is wrong."""

    companies: int
    tables: int
    wrong: tuple[str, ...]


def look() -> Isolation:
    """As the role that serves pages, in a transaction of each company and in one of none; nothing is written."""
    tables = sorted(
        str(mapper.local_table)
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, CompanyScoped)
    )
    everyone = companies.all_companies()
    wrong = [*_rules(tables), *_without_a_company(tables)]
    for company in everyone:
        foreign = _union(tables, "WHERE company_id <> :own")
        with open_session(company_id=company.id) as session:
            rows = session.execute(text(foreign), {"own": company.id}).all()
        wrong += [f"{table}: {count} rows of others are seen in a company" for table, count in rows if count]
    return Isolation(len(everyone), len(tables), tuple(wrong))


def _rules(tables: list[str]) -> Iterator[str]:
    with without_company() as session:
        secured = set(session.scalars(text(SECURED_TABLES)))
        strong = list(session.scalars(text(STRONG_ROLES)))
    yield from (f"{table} has no forced row security" for table in tables if table not in secured)
    yield from (f"{one}, which it must not" for one in strong)


def _without_a_company(tables: list[str]) -> Iterator[str]:
    with without_company() as session:
        rows = session.execute(text(_union(tables, ""))).all()
    yield from (f"{table}: {count} rows are seen without a company" for table, count in rows if count)


def _union(tables: list[str], condition: str) -> str:
    """Names of our own tables, from the models."""
    return " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table} {condition}" for table in tables)  # noqa: S608
