"""Asks a restored portal everything that the backup promises, before anybody is let in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

import psycopg
from sqlalchemy import select, text

from portal.database_url import libpq
from portal.integrations.keys import SealBroken
from portal.integrations.storage import FileBroken, FileMissing
from portal.models.base import Base, CompanyScoped
from portal.models.document import DocumentVersion
from portal.services import audit_anchors, audit_log, sealing
from portal.services.backups import damage, database
from portal.services.backups.manifest import Contents
from portal.services.backups.restored import RestoredPortal
from portal.services.forgetting.replay import still_there

_SHOWN = 3
SECURED_TABLES = """
    SELECT c.oid::regclass::text FROM pg_class c
    WHERE c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)
"""
STRONG_ROLES = """
    SELECT rolname FROM pg_roles WHERE rolname IN ('staffroom_owner', 'staffroom_app', 'staffroom_audit')
    AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolreplication)
    UNION ALL SELECT 'staffroom_app owns ' || relname FROM pg_class
    WHERE pg_get_userbyid(relowner) = 'staffroom_app'
"""
_OPEN_WAYS = {
    "sign_in_session": "SELECT count(*) FROM sign_in_session WHERE revoked_at IS NULL",
    "one_time_code": "SELECT count(*) FROM one_time_code WHERE consumed_at IS NULL",
    "sign_in_link": "SELECT count(*) FROM sign_in_link WHERE used_at IS NULL",
    "passkey_challenge": "SELECT count(*) FROM passkey_challenge",
    "sso_transaction": "SELECT count(*) FROM sso_transaction",
    "feed": "SELECT count(*) FROM feed WHERE revoked_at IS NULL",
    "operator_session": "SELECT count(*) FROM operator_session",
    "outbox_message": "SELECT count(*) FROM outbox_message WHERE status = 'queued'",
}


@dataclass(frozen=True)
class Check:
    """One question and its answer; `detail` says how much was asked, or what is wrong."""

    name: str
    passed: bool
    detail: str


def run(portal: RestoredPortal, contents: Contents) -> list[Check]:
    """All of them, in this order; one that breaks down has failed, and the others are asked all the same."""
    return [
        _asked("roles", lambda: _roles(portal, contents)),
        _asked("rows", lambda: _rows(portal, contents)),
        _asked("pages", lambda: _pages(portal)),
        _asked("isolation", lambda: _isolation(portal, contents)),
        _asked("audit", lambda: _audit(portal, contents)),
        _asked("files", lambda: _files(portal, contents)),
    ]


def after_settling(portal: RestoredPortal) -> list[Check]:
    """Once yesterday's ways in were ended: none of them is open, and the logs are whole with what was added."""
    return [
        _asked("ways in", lambda: _ways_in(portal)),
        _asked("audit after", lambda: _chains(portal)),
        _asked("erased", lambda: _erased(portal)),
    ]


def _asked(name: str, question: Callable[[], tuple[list[str], str]]) -> Check:
    try:
        wrong, asked = question()
    except Exception as failed:  # noqa: BLE001 - whatever it was, this portal is not fit for use
        return Check(name, passed=False, detail=f"{type(failed).__name__}: {failed}"[:300])
    if not wrong:
        return Check(name, passed=True, detail=asked)
    more = f" and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
    return Check(name, passed=False, detail="; ".join(wrong[:_SHOWN]) + more)


def _roles(portal: RestoredPortal, contents: Contents) -> tuple[list[str], str]:
    with portal.administrator() as connection:
        there = database.role_names(connection)
        strong = [str(name) for (name,) in connection.execute(STRONG_ROLES).fetchall()]
    wrong = [f"{role} is missing" for role in contents.roles if role not in there]
    return wrong + [f"{one}, which it must not" for one in strong], f"{len(there)} roles"


def _rows(portal: RestoredPortal, contents: Contents) -> tuple[list[str], str]:
    with portal.administrator() as connection:
        found = database.count_rows(connection)
    wrong = [
        f"{table} has {found[table].total if table in found else 'no'} rows instead of {expected.total}"
        for table, expected in contents.tables.items()
        if found.get(table) != expected
    ]
    total = sum(count.total for count in found.values())
    return wrong, f"{total} rows in {len(found)} tables, as counted when the backup was made"


def _pages(portal: RestoredPortal) -> tuple[list[str], str]:
    with portal.administrator() as connection:
        if not damage.can_look(connection):
            return [], "this PostgreSQL has no amcheck; only checksums were compared"
        return damage.find(connection), "every page, row and index"


def _isolation(portal: RestoredPortal, contents: Contents) -> tuple[list[str], str]:
    """Both locks stand: row security as it is written down, and as the portal's own role meets it."""
    with portal.administrator() as connection:
        secured = {name for (name,) in connection.execute(SECURED_TABLES)}
    classes = [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, CompanyScoped)]
    scoped = {str(one.__table__) for one in classes}  # type: ignore[attr-defined]
    wrong = [f"{name} has no row security" for name in sorted(scoped - secured)]
    with psycopg.connect(libpq(portal.server.app_url)) as app:
        seen = app.execute("SELECT count(*) FROM employee").fetchone()
    if seen != (0,):
        wrong.append("people are seen without a company")
    everybody = contents.tables["public.employee"].companies
    for company in portal.companies():
        with portal.work(company, reason="restore check") as uow:
            count = uow.session.scalar(text("SELECT count(*) FROM employee"))
        if count != everybody.get(str(company.id), 0):
            wrong.append(f"{company.slug} sees {count} people")
    return wrong, f"{len(everybody)} companies see their own people only"


def _ways_in(portal: RestoredPortal) -> tuple[list[str], str]:
    """T144."""
    with portal.administrator() as connection:
        open_ = {table: connection.execute(_OPEN_WAYS[table].encode()).fetchone() for table in _OPEN_WAYS}
    wrong = [f"{table}: {count[0]} still open" for table, count in open_.items() if count and count[0]]
    return wrong, "sessions, codes, links and sign-ins of that day are dead"


def _chains(portal: RestoredPortal) -> tuple[list[str], str]:
    broken = []
    for company in portal.companies():
        with portal.work(company, reason="restore check") as uow:
            verdict = audit_log.verify(uow, audit_anchors.by_number(uow))
            if not verdict.intact:
                broken.append(f"{company.slug}: event {verdict.broken_at} {verdict.why}")
    return broken, "each chain goes on from where it was, and explains what is lost"


def _erased(portal: RestoredPortal) -> tuple[list[str], str]:
    """T144: whom the ledger calls erased is not there, and the ledger itself is whole."""
    back = []
    for company in portal.companies():
        with portal.work(company, reason="restore check") as uow:
            if there := still_there(uow):
                back.append(f"{company.slug} has {there} people who were erased")
    return back, f"{portal.outside.erasures.check()} lines of the ledger of erasures"


def _audit(portal: RestoredPortal, contents: Contents) -> tuple[list[str], str]:
    wrong, events, anchors = [], 0, 0
    for company in portal.companies():
        with portal.work(company, reason="restore check") as uow:
            recorded = contents.heads.get(str(company.id))
            known = {
                seq: one
                for seq, one in audit_anchors.by_number(uow).items()
                if recorded and seq <= recorded[0]
            }
            verdict = audit_log.verify(uow, known)
        events, anchors = events + verdict.checked, anchors + verdict.anchored
        if not verdict.intact:
            wrong.append(f"{company.slug}: event {verdict.broken_at} {verdict.why}")
        elif recorded is not None and (verdict.last, verdict.head) != recorded:
            wrong.append(f"{company.slug}: the log ends elsewhere than when the backup was made")
    return wrong, f"{events} events, each chain whole, with the recorded head, and as {anchors} anchors say"


def _files(portal: RestoredPortal, contents: Contents) -> tuple[list[str], str]:
    """Every file is there as it lay, and each one that a document refers to opens with its company's key."""
    wrong = [name for name, expected in contents.files.items() if _measure(portal, name) != expected]
    wrong = [f"{name} is not as it was" for name in wrong]
    count = 0
    for company in portal.companies():
        with portal.work(company, reason="restore check") as uow:
            for version in uow.session.scalars(select(DocumentVersion)):
                count += 1
                if f"{company.id}/{version.storage_key}" in contents.absent:
                    continue
                try:
                    sealed = portal.files.get(company.id, UUID(version.storage_key))
                    content = sealing.open_bytes(
                        uow, sealed, row=DocumentVersion, column="content", row_id=version.id
                    )
                except (FileMissing, FileBroken, SealBroken) as broken:
                    wrong.append(f"document version {version.id}: {type(broken).__name__}")
                    continue
                if hashlib.sha256(content).digest() != version.sha256:
                    wrong.append(f"document version {version.id} is not what was uploaded")
    return wrong, f"{len(contents.files)} files, {count} documents opened"


def _measure(portal: RestoredPortal, name: str) -> tuple[int, str] | None:
    company_id, _, key = name.partition("/")
    try:
        content = portal.files.get(UUID(company_id), UUID(key))
    except FileMissing:
        return None
    return len(content), hashlib.sha256(content).hexdigest()


def failed(checks: list[Check]) -> Iterator[Check]:
    return (check for check in checks if not check.passed)
