"""Rules of approval and the routes of requests; the built-in HR may decide out of turn.

Row security binds the owner too, so it is lifted from two tables for that statement, as before. The operator's
staff see the steps of an absence under a permission, because its page shows them.

Revision ID: a1f0c0de1121
Revises: a1f0c0de0121
Create Date: 2026-11-27 13:01:00+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a1f0c0de1121"
down_revision = "a1f0c0de0121"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"
RIGHT = "absence:overrule"
KIND = sa.String(40)
MOMENT = sa.DateTime(timezone=True)
TABLES = ("approval_rule", "approval_step", "step_approver")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _table(
        "approval_rule",
        {"absence_type_id": "absence_type", "author_id": "employee"},
        ("absence_type_id", "valid_from"),
        sa.Column("absence_type_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("steps", postgresql.JSONB(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
    )
    _table(
        "approval_step",
        {"absence_id": "absence"},
        ("absence_id", "position"),
        sa.Column("absence_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("approver", KIND, nullable=False),
        sa.Column("mode", KIND, nullable=False),
        sa.Column("status", KIND, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=True),
    )
    _table(
        "step_approver",
        {"step_id": "approval_step", "employee_id": "employee", "decided_by_id": "employee"},
        ("step_id", "employee_id"),
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column("employee_id", sa.Uuid(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
    )
    op.create_index(
        op.f("ix_step_approver_company_id_employee_id"), "step_approver", ["company_id", "employee_id"]
    )
    for table in ("approval_step", "step_approver"):
        op.execute(f"GRANT SELECT ON {table} TO staffroom_support")
        op.execute(
            f"CREATE POLICY support ON {table} AS RESTRICTIVE TO staffroom_support"
            " USING (company_id = (SELECT public.support_company(false)))"
            " WITH CHECK (company_id = (SELECT public.support_company(true)))"
        )
    _for_every_company(
        "INSERT INTO role_permission (company_id, id, role_id, permission, reach)"  # noqa: S608
        f" SELECT company_id, gen_random_uuid(), id, '{RIGHT}', 'company' FROM role WHERE key = 'hr'"
    )


def downgrade() -> None:
    _for_every_company(f"DELETE FROM role_permission WHERE permission = '{RIGHT}'")  # noqa: S608
    for table in reversed(TABLES):
        op.drop_table(table)


def _table(name: str, references: dict[str, str], unique: tuple[str, ...], *columns: sa.Column) -> None:
    op.create_table(
        name,
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *columns,
        sa.Column("created_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        *[
            sa.ForeignKeyConstraint(
                ["company_id", column],
                [f"{table}.company_id", f"{table}.id"],
                name=op.f(f"fk_{name}_company_id_{column}"),
            )
            for column, table in references.items()
        ],
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f(f"fk_{name}_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("company_id", *unique, name=op.f(f"uq_{name}_company_id_{'_'.join(unique)}")),
    )
    op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY company ON {name} USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO staffroom_app")


def _for_every_company(statement: str) -> None:
    for table in ("role", "role_permission"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(statement)
    for table in ("role", "role_permission"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
