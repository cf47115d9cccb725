"""Sickness: types that are reported and not asked for, reports with what HR has accepted, whose days gave way.

Managers and HR of the built-in roles get the new rights; a company's own roles get them from people. Row security
binds the owner too, so it is lifted for that statement, as before.

Revision ID: a1f0c0de0131
Revises: a1f0c0de0127
Create Date: 2026-11-27 14:50:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0131"
down_revision = "a1f0c0de0129"
branch_labels = None
depends_on = None

RIGHTS = {
    "manager": (("sickness:report", "team"), ("sickness:view", "team")),
    "hr": (("sickness:manage", "company"), ("sickness:report", "company"), ("sickness:view", "company")),
}
OF_REPORTS = "ix_absence_company_id_sick_end_date"
OF_PARTS = "ix_absence_part_company_id_replaced_by_id"


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("absence_type", "absence_type_version"):
        op.add_column(table, sa.Column("sickness", sa.Boolean(), server_default="false", nullable=False))
        op.add_column(table, sa.Column("alarm_days", sa.Integer(), nullable=True))
    _reports()
    for role, rights in RIGHTS.items():
        for permission, reach in rights:
            _for_every_company(
                "INSERT INTO role_permission (company_id, id, role_id, permission, reach)"  # noqa: S608
                f" SELECT company_id, gen_random_uuid(), id, '{permission}', '{reach}' FROM role"
                f" WHERE key = '{role}'"
            )


def downgrade() -> None:
    _for_every_company("DELETE FROM role_permission WHERE permission LIKE 'sickness:%'")
    op.drop_index(OF_PARTS, table_name="absence_part")
    op.drop_constraint("fk_absence_part_company_id_replaced_by_id", "absence_part", type_="foreignkey")
    op.drop_column("absence_part", "replaced_by_id")
    op.drop_index(OF_REPORTS, table_name="absence")
    op.drop_constraint("fk_absence_company_id_accepted_by_id", "absence", type_="foreignkey")
    for column in (
        "proof_asked_on",
        "alarmed_at",
        "accepted_at",
        "accepted_by_id",
        "accepted_through",
        "sick",
    ):
        op.drop_column("absence", column)
    for table in ("absence_type_version", "absence_type"):
        op.drop_column(table, "alarm_days")
        op.drop_column(table, "sickness")


def _reports() -> None:
    op.add_column("absence", sa.Column("sick", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("absence", sa.Column("accepted_through", sa.Date(), nullable=True))
    op.add_column("absence", sa.Column("accepted_by_id", sa.Uuid(), nullable=True))
    op.add_column("absence", sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("absence", sa.Column("alarmed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("absence", sa.Column("proof_asked_on", sa.Date(), nullable=True))
    op.add_column("absence_part", sa.Column("replaced_by_id", sa.Uuid(), nullable=True))
    for table, column, other in (
        ("absence", "accepted_by_id", "employee"),
        ("absence_part", "replaced_by_id", "absence"),
    ):
        op.create_foreign_key(
            op.f(f"fk_{table}_company_id_{column}"),
            table,
            other,
            ["company_id", column],
            ["company_id", "id"],
        )
    op.create_index(
        op.f(OF_REPORTS),
        "absence",
        ["company_id", "sick", "end_date"],
        postgresql_where=sa.text("sick"),
    )
    op.create_index(
        op.f(OF_PARTS),
        "absence_part",
        ["company_id", "replaced_by_id"],
        postgresql_where=sa.text("replaced_by_id IS NOT NULL"),
    )


def _for_every_company(statement: str) -> None:
    for table in ("role", "role_permission"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(statement)
    for table in ("role", "role_permission"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
