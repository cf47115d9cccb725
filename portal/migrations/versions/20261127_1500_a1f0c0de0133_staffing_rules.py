"""Rules of staffing, and the days known to break them; the built-in HR and planners get the right to keep them.

Row security binds the owner too, so it is lifted from two tables for that statement, as before.

Revision ID: a1f0c0de0133
Revises: a1f0c0de0127
Create Date: 2026-11-27 15:00:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0133"
down_revision = "a1f0c0de0132"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"
RIGHTS = (
    ("hr", "staffing:manage", "company"),
    ("hr", "staffing:override", "company"),
    ("planner", "staffing:manage", "site"),
)


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "staffing_rule",
        *_key(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("site_id", sa.Uuid(), nullable=True),
        sa.Column("field_id", sa.Uuid(), nullable=True),
        sa.Column("field_value", sa.Text(), nullable=True),
        sa.Column("metric", sa.String(length=40), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("effect", sa.String(length=40), nullable=False),
        sa.Column("weekdays", sa.ARRAY(sa.SmallInteger()), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_through", sa.Date(), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        *_keys(
            "staffing_rule", team_id="team", site_id="site", field_id="custom_field", author_id="employee"
        ),
        sa.UniqueConstraint("company_id", "name", name=op.f("uq_staffing_rule_company_id_name")),
    )
    op.create_table(
        "staffing_breach",
        *_key(),
        sa.Column("rule_id", sa.Uuid(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("away", sa.Integer(), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        *_keys("staffing_breach", rule_id="staffing_rule"),
        sa.UniqueConstraint(
            "company_id", "rule_id", "date", name=op.f("uq_staffing_breach_company_id_rule_id_date")
        ),
    )
    for table in ("staffing_rule", "staffing_breach"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY company ON {table} USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
        )
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO staffroom_app")
    # Requests and approvals ask the rules, and so does whoever of the operator's staff is let in to those.
    op.execute("GRANT SELECT ON staffing_rule TO staffroom_support")
    op.execute(
        "CREATE POLICY support ON staffing_rule AS RESTRICTIVE TO staffroom_support"
        " USING (company_id = (SELECT public.support_company(false)))"
        " WITH CHECK (company_id = (SELECT public.support_company(true)))"
    )
    op.add_column(
        "absence_type", sa.Column("at_work", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )
    for role, right, reach in RIGHTS:
        _for_every_company(
            "INSERT INTO role_permission (company_id, id, role_id, permission, reach)"  # noqa: S608
            f" SELECT company_id, gen_random_uuid(), id, '{right}', '{reach}' FROM role WHERE key = '{role}'"
        )


def downgrade() -> None:
    _for_every_company(
        "DELETE FROM role_permission WHERE permission IN ('staffing:manage', 'staffing:override')"
    )
    op.drop_column("absence_type", "at_work")
    op.drop_table("staffing_breach")
    op.drop_table("staffing_rule")


def _key() -> list[sa.Column]:
    return [
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
    ]


def _keys(table: str, **targets: str) -> list:
    return [
        *(
            sa.ForeignKeyConstraint(
                ["company_id", column],
                [f"{target}.company_id", f"{target}.id"],
                name=op.f(f"fk_{table}_company_id_{column}"),
            )
            for column, target in targets.items()
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f(f"fk_{table}_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f(f"pk_{table}")),
    ]


def _for_every_company(statement: str) -> None:
    for table in ("role", "role_permission"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(statement)
    for table in ("role", "role_permission"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
