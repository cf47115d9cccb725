"""Which tables and columns an archive holds, as the database itself says it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from portal.services.archives import LICENCE_COLUMNS, NOT_TAKEN

_QUERY = text("""
    SELECT n.nspname, c.relname, array_agg(a.attname::text ORDER BY a.attnum)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname IN ('public', 'audit')
    AND (EXISTS (SELECT FROM pg_attribute k WHERE k.attrelid = c.oid AND k.attname = 'company_id'
        AND k.attnotnull AND NOT k.attisdropped) OR (n.nspname = 'public' AND c.relname = 'company'))
    GROUP BY 1, 2 ORDER BY 1, 2
""")


@dataclass(frozen=True)
class Table:
    """A table with the columns that are written; those that the database computes are left to it."""

    name: str
    columns: tuple[str, ...]

    @property
    def quoted(self) -> str:
        schema, table = self.name.split(".")
        return f'"{schema}"."{table}"'

    @property
    def company_column(self) -> str:
        return "id" if self.name == "public.company" else "company_id"

    @property
    def listed(self) -> str:
        return ", ".join(f'"{column}"' for column in self.columns)


def of_a_company(connection: Connection) -> list[Table]:
    """Every table that travels. Where a row need not have a company, it is the operator's own."""
    found = []
    for schema, table, columns in connection.execute(_QUERY):
        name = f"{schema}.{table}"
        if name not in NOT_TAKEN:
            left = LICENCE_COLUMNS if name == "public.company" else frozenset()
            found.append(Table(name, tuple(one for one in columns if one not in left)))
    return found


def schema_version(connection: Connection) -> str:
    """The state of the migrations: archives go from one portal to another of exactly the same."""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())
