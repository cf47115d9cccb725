"""The database: one engine, sessions bound to one company, and the only place that opens a transaction.

Lock one of the company isolation lives here: every ORM query gets the company's condition, every flush is
checked, and a session without a company cannot touch a company's rows. Lock two, row security, is told the
company at the start of each transaction. What a transaction changed is noted for the audit log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast
from uuid import UUID
from weakref import WeakKeyDictionary

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Executable, Uuid, bindparam, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import (
    ORMExecuteState,
    Session,
    SessionTransaction,
    UOWTransaction,
    sessionmaker,
    with_loader_criteria,
)

from portal.actors import Actor, CompanyFacts, RequestFacts
from portal.domain.clock import Clock
from portal.domain.licences import Licence, LicenceKind
from portal.domain.refusals import Reason, Refusal
from portal.domain.second_factors import Policy
from portal.models.base import Base, CompanyScoped
from portal.row_changes import note_changes, noted_changes

db = SQLAlchemy(metadata=Base.metadata, disable_autonaming=True)


#: The name of the second pool of connections, as the role that the operator's staff are served as.
SUPPORT = "support"


class IsolationError(Exception):
    """A query or a row that would cross from one company to another; always a fault of the code."""


class CompanySession(Session):
    """A session of one company, named in `info["company_id"]`; with None it sees company-less tables only."""


#: A session takes the engine of the running app, unless tests bind all of them to one connection to roll back.
Sessions = sessionmaker(class_=CompanySession, expire_on_commit=False)


class UnknownCompany(Exception):
    """No company has this short name."""


#: Binds the transaction and reads the company in one statement, because every page pays for it.
_BIND = text(
    "SELECT set_config('app.company_id', id::text, true), id, slug, name, language, time_zone, country,"
    " subdivision, second_factor_policy, licence_kind, licence_ends_on, overdue_since, closed_on,"
    " erasing_since IS NOT NULL, read_only_since IS NOT NULL FROM company WHERE slug = :slug"
)
_BIND_BY_ID = text("SELECT set_config('app.company_id', :id, true)")


#: Beside the company, the support role must name the grant and who of the staff it is.
_BIND_SUPPORT = text(
    "SELECT set_config('app.support_grant_id', :grant_id, true), set_config('app.support_staff_id', :staff_id, true)"
)


@event.listens_for(CompanySession, "after_begin")
def _tell_row_security(session: Session, _transaction: SessionTransaction, connection: Any) -> None:
    if "support" in session.info:
        connection.execute(_BIND_SUPPORT, session.info["support"])
    slug = session.info.pop("company_slug", None)
    if slug is None:
        connection.execute(_BIND_BY_ID, {"id": str(session.info.get("company_id") or "")})
        return
    found = connection.execute(_BIND, {"slug": slug}).one_or_none()
    if found is None:
        connection.execute(_BIND_BY_ID, {"id": ""})
        raise UnknownCompany(slug)
    policy, kind, *dates, read_only = found[8:]
    licence = Licence(LicenceKind(kind), *dates)
    facts: list[Any] = [*found[1:8], Policy(policy), licence, read_only]
    session.info["company"] = CompanyFacts(*facts)
    session.info["company_id"] = found.id


@event.listens_for(CompanySession, "do_orm_execute")
def _scope_to_company(state: ORMExecuteState) -> None:
    company_id = state.session.info.get("company_id")
    if company_id is None or state.is_insert:  # only then does it matter what the statement is about
        _refuse_scoped(state, company_id)
    if company_id is not None and state.is_select:
        state.statement = _scoped(state.statement)
        state.parameters = _with_company(state.parameters, company_id)
    elif company_id is not None:
        state.statement = state.statement.options(
            with_loader_criteria(
                CompanyScoped, lambda cls: cls.company_id == company_id, include_aliases=True
            )
        )


def _refuse_scoped(state: ORMExecuteState, company_id: UUID | None) -> None:
    scoped = [mapper for mapper in state.all_mappers if issubclass(mapper.class_, CompanyScoped)]
    if scoped and company_id is None:
        raise IsolationError(f"no company is bound, and {scoped[0].class_.__name__} belongs to one")
    if scoped:
        raise IsolationError("rows of a company are added to the session, so that they can be checked")


#: The condition on the rows of every question. It names the company by a parameter that the hook must give: the
#: statement without it does not run.
_BOUND_COMPANY = bindparam("bound_company", type_=Uuid())
_OF_COMPANY = with_loader_criteria(
    CompanyScoped, lambda cls: cls.company_id == _BOUND_COMPANY, include_aliases=True
)
#: Statements that a module keeps, with the condition on them: putting it there costs as much as a short answer.
_scoped_statements: WeakKeyDictionary[Executable, Executable] = WeakKeyDictionary()


def _scoped(statement: Executable) -> Executable:
    scoped = _scoped_statements.get(statement)
    if scoped is None:
        scoped = _scoped_statements[statement] = statement.options(_OF_COMPANY)
    return scoped


def _with_company(parameters: Any, company_id: UUID) -> Any:
    """The parameters of a question, and the company it is asked in."""
    return {**(parameters or {}), "bound_company": company_id}


@event.listens_for(CompanySession, "before_flush")
def _check_company(session: Session, _context: UOWTransaction, _instances: object) -> None:
    company_id = session.info.get("company_id")
    if session.info.get("read_only") and (session.new or session.deleted or session.dirty):
        raise Refusal(
            Reason.SUPPORT_ONLY_LOOKS if "support" in session.info else Reason.VIEWING_CHANGES_NOTHING
        )
    for row in [*session.new, *session.dirty, *session.deleted]:
        if not isinstance(row, CompanyScoped):
            continue
        held = cast("UUID | None", row.company_id)  # a new row has none yet
        if held is None and company_id is not None:
            held = row.company_id = company_id
        if company_id is None or held != company_id:
            raise IsolationError(f"a {type(row).__name__} of another company")
    note_changes(session)


@dataclass
class UnitOfWork:
    """One transaction in one company by one actor. Services take it, and never commit."""

    session: Session
    company: CompanyFacts
    actor: Actor
    clock: Clock
    request: RequestFacts
    version: str
    #: The outside world as services/outside.py describes it; the database layer knows nothing of it.
    outside: Any
    #: What services/audit.py has recorded; written last, so that the chain is locked only for a moment.
    events: list[Any] = field(default_factory=list)
    before_commit: list[Callable[[UnitOfWork], None]] = field(default_factory=list)
    #: How to take back what was done outside the database, such as a stored file, when nothing is committed.
    undo: list[Callable[[], None]] = field(default_factory=list)
    #: Set by a service whose refusal must be remembered all the same, such as a counted wrong password.
    keep_when_refused: bool = False

    @property
    def zone(self) -> str:
        return self.actor.time_zone

    def today(self) -> date:
        """The date where the company is."""
        return self.clock.today(self.company.time_zone)

    def changes(self, row: object) -> dict[str, list[Any]]:
        """What this transaction has changed in the row: {column: [from, to]}."""
        return noted_changes(self.session, row)

    def refuse_changes(self) -> None:
        """From now on this session writes no row; the audit log goes on. Whatever tries is refused."""
        self.session.info["read_only"] = True

    def settle(self) -> None:
        """Writes what waits for the end (the audit log) while the transaction goes on: events name one actor."""
        self.session.flush()
        for step in self.before_commit:
            step(self)
        self.events.clear()
        self.before_commit.clear()
        self.session.info.pop("changes", None)

    def start_over(self) -> None:
        """Leaves everything as it was, and goes on: what was refused must be noted all the same."""
        self.session.rollback()
        self.close()
        self.events.clear()
        self.before_commit.clear()
        for note in ("changes", "jobs"):
            self.session.info.pop(note, None)

    def commit(self) -> None:
        """Makes everything true at once."""
        self.settle()
        try:
            self.session.commit()
        except DBAPIError as error:
            if error.connection_invalidated:
                # Nobody knows whether it became true. A file too many harms less than a row without its file.
                self.undo.clear()
            raise
        self.undo.clear()

    def close(self) -> None:
        """Takes back what was done outside the database, the last first, whichever step fails.

        After a commit there is nothing left to take back.
        """
        with ExitStack() as steps:
            for step in self.undo:
                steps.callback(step)
            self.undo.clear()


@contextmanager
def open_session(
    *, company_id: UUID | None = None, company_slug: str | None = None, isolation: str | None = None
) -> Iterator[CompanySession]:
    """A session bound to one company by id or by short name, or to none; never to more, never to another."""
    info = {"company_id": company_id} if company_slug is None else {"company_slug": company_slug}
    own_bind = {} if Sessions.kw.get("bind") is not None else {"bind": db.engine}
    with Sessions(info=info, **own_bind) as session:
        session.connection(execution_options={"isolation_level": isolation} if isolation else None)
        yield session


@contextmanager
def open_support_session(
    company_slug: str | None = None, *, grant_id: UUID | None = None, staff_id: UUID | None = None
) -> Iterator[CompanySession]:
    """A session as the support role: in one company under a grant, or at the staff's own tables in none.

    Always on the pool of that role, whatever other sessions use: which role it is is the second lock.
    """
    info: dict[str, Any] = {"company_id": None}
    if company_slug is not None:
        bound = {"grant_id": str(grant_id or ""), "staff_id": str(staff_id or "")}
        info = {"company_slug": company_slug, "support": bound}
    with Sessions(info=info, bind=db.engines[SUPPORT]) as session:
        session.connection()
        yield session


@contextmanager
def unit_of_work(
    company: CompanyFacts, *, actor: Actor, clock: Clock, request: RequestFacts, version: str, outside: Any
) -> Iterator[UnitOfWork]:
    """A unit of work that commits when the block ends well and undoes everything when it does not."""
    with open_session(company_id=company.id) as session:
        uow = UnitOfWork(session, company, actor, clock, request, version, outside)
        try:
            yield uow
            uow.commit()
        finally:
            uow.close()


@contextmanager
def without_company() -> Iterator[CompanySession]:
    """A read-only look at the tables that belong to no company; row security shows nothing else."""
    with open_session() as session:
        yield session
        session.rollback()


@contextmanager
def operator_work() -> Iterator[CompanySession]:
    """A transaction on the operator's own tables, which belong to no company; commits when the block ends well."""
    with open_session() as session:
        yield session
        session.commit()
