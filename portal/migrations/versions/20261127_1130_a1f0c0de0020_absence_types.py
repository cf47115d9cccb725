"""Rules of types of absence by date; the built-in HR gets the right to manage them.

Row security binds the owner too, so it is lifted from two tables for that statement, as before.

Revision ID: a1f0c0de0020
Revises: a1f0c0de0014
Create Date: 2026-11-27 11:30:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0020"
down_revision = "a1f0c0de0014"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"
RIGHT = "absence-type:manage"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for column in _rules(defaults=True):
        op.add_column("absence_type", column)
    op.add_column("absence_type", sa.Column("retired_on", sa.Date(), nullable=True))
    op.create_table(
        "absence_type_version",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("absence_type_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("yearly_entitlement", sa.Integer(), nullable=True),
        *_rules(defaults=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "absence_type_id"],
            ["absence_type.company_id", "absence_type.id"],
            name=op.f("fk_absence_type_version_company_id_absence_type_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "author_id"],
            ["employee.company_id", "employee.id"],
            name=op.f("fk_absence_type_version_company_id_author_id"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_absence_type_version_company_id")
        ),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_absence_type_version")),
        sa.UniqueConstraint(
            "company_id",
            "absence_type_id",
            "valid_from",
            name=op.f("uq_absence_type_version_company_id_absence_type_id_valid_from"),
        ),
    )
    op.execute("ALTER TABLE absence_type_version ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE absence_type_version FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY company ON absence_type_version USING (company_id = {BOUND})"
        f" WITH CHECK (company_id = {BOUND})"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON absence_type_version TO staffroom_app")
    _for_every_company(
        "INSERT INTO role_permission (company_id, id, role_id, permission, reach)"  # noqa: S608
        f" SELECT company_id, gen_random_uuid(), id, '{RIGHT}', 'company' FROM role WHERE key = 'hr'"
    )


def downgrade() -> None:
    _for_every_company(f"DELETE FROM role_permission WHERE permission = '{RIGHT}'")  # noqa: S608
    op.drop_table("absence_type_version")
    op.drop_column("absence_type", "retired_on")
    for column in _rules(defaults=True):
        op.drop_column("absence_type", column.name)


def _rules(*, defaults: bool) -> list[sa.Column]:
    def default(value: str) -> str | None:
        return value if defaults else None

    return [
        sa.Column("needs_approval", sa.Boolean(), server_default=default("true"), nullable=False),
        sa.Column("half_days", sa.Boolean(), server_default=default("true"), nullable=False),
        sa.Column("colleagues_see", sa.Boolean(), server_default=default("false"), nullable=False),
        sa.Column("notice_days", sa.Integer(), server_default=default("0"), nullable=False),
        sa.Column("longest_days", sa.Integer(), nullable=True),
    ]


def _for_every_company(statement: str) -> None:
    for table in ("role", "role_permission"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(statement)
    for table in ("role", "role_permission"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
