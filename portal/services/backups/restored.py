"""A restored portal that nobody uses yet: its server, its files, and units of work in its companies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
from sqlalchemy import Engine, NullPool, create_engine, select

from portal.actors import Actor, CompanyFacts, RequestFacts
from portal.database_beside import DatabaseBeside
from portal.database_url import libpq
from portal.db import CompanySession, Sessions, UnitOfWork
from portal.domain.clock import Clock
from portal.embedded import EmbeddedPostgres
from portal.embedded.server import DATABASE
from portal.integrations.storage import FileStore, FolderStore
from portal.models.company import Company
from portal.services import companies
from portal.services.outside import Outside

#: Folders of an instance that a restore fills.
POSTGRES, FILES = "postgres", "files"


@dataclass(frozen=True)
class RestoredPortal:
    """Lies in `folder` as an instance does; its database answers while `running` is."""

    folder: Path
    server: EmbeddedPostgres | DatabaseBeside
    engine: Engine
    outside: Outside
    clock: Clock
    version: str

    @property
    def files(self) -> FileStore:
        return self.outside.files

    @contextmanager
    def administrator(self) -> Iterator[psycopg.Connection]:
        with psycopg.connect(libpq(self.administrator_url)) as connection:
            yield connection

    @property
    def administrator_url(self) -> str:
        """The superuser, in the portal's database."""
        if isinstance(self.server, DatabaseBeside):
            return self.server.url
        return self.server.url("postgres", database=DATABASE)

    def companies(self) -> list[CompanyFacts]:
        with self._session(None) as session:
            return [companies.facts(one) for one in session.scalars(select(Company).order_by(Company.slug))]

    @contextmanager
    def work(self, company: CompanyFacts, *, reason: str) -> Iterator[UnitOfWork]:
        """By the portal itself; commits when the block ends well."""
        with self._session(company) as session:
            uow = UnitOfWork(
                session,
                company,
                Actor(None, "Staffroom", ""),
                self.clock,
                RequestFacts(ip="", request_id=reason),
                self.version,
                self.outside,
            )
            yield uow
            uow.commit()

    @contextmanager
    def _session(self, company: CompanyFacts | None) -> Iterator[CompanySession]:
        with Sessions(info={"company_id": company.id if company else None}, bind=self.engine) as session:
            yield session


@contextmanager
def running(
    folder: Path, *, outside: Outside, clock: Clock, version: str, durable: bool
) -> Iterator[RestoredPortal]:
    """Starts the database of the folder, as an empty one if there is none, until the block ends."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with EmbeddedPostgres(folder / POSTGRES, durable=durable) as server:
        yield from _standing(folder, server, outside, clock, version)


@contextmanager
def on_server(
    folder: Path, server: DatabaseBeside, *, outside: Outside, clock: Clock, version: str
) -> Iterator[RestoredPortal]:
    """A new database on a server of one's own, beside the one that stands there; the files in the folder."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    server.create()
    yield from _standing(folder, server, outside, clock, version)


def _standing(
    folder: Path, server: EmbeddedPostgres | DatabaseBeside, outside: Outside, clock: Clock, version: str
) -> Iterator[RestoredPortal]:
    engine = create_engine(server.app_url, poolclass=NullPool, hide_parameters=True)
    store = FolderStore(folder / FILES)
    try:
        yield RestoredPortal(folder, server, engine, replace(outside, files=store), clock, version)
    finally:
        engine.dispose()
