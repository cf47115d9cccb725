"""Plans of entitlement by date, what was agreed with people, ends of years, letters about days that lapse.

The ledger's rows name the plan and the period that gave them, or the end of a year that moved them. The built-in
HR gets the right to settle years. Row security binds the owner too, so it is lifted for that statement, as before.

Revision ID: a1f0c0de0122
Revises: a1f0c0de1121
Create Date: 2026-11-27 13:10:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0122"
down_revision = "a1f0c0de1121"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"
RIGHT = "year-end:run"
#: Read on pages of absences, which the operator's staff may be let in to see.
SEEN_BY_SUPPORT = ("entitlement_plan", "agreed_entitlement")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    _plans()
    _agreed()
    _runs()
    _notices()
    _ledger()
    for table in SEEN_BY_SUPPORT:
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
    for name in _LEDGER_INDEXES:
        op.drop_index(name, table_name="ledger_entry")
    for column in ("plan_id", "run_id"):
        op.drop_constraint(f"fk_ledger_entry_company_id_{column}", "ledger_entry", type_="foreignkey")
    for column in ("run_id", "period_start", "plan_id"):
        op.drop_column("ledger_entry", column)
    for table in ("lapse_notice", "year_end_line", "year_end_run", "agreed_entitlement", "entitlement_plan"):
        op.drop_table(table)


def _plans() -> None:
    _table(
        "entitlement_plan",
        _id("absence_type_id"),
        _date("valid_from"),
        sa.Column("milestones", sa.Text(), nullable=False),
        sa.Column("frequency", sa.String(40), nullable=False),
        sa.Column("given_at", sa.String(40), nullable=False),
        _number("year_month"),
        _number("year_day"),
        sa.Column("basis", sa.String(40), nullable=False),
        sa.Column("by_schedule", sa.Boolean(), nullable=False),
        sa.Column("rounding", sa.String(40), nullable=False),
        _number("grain"),
        *(_number(name, nullable=True) for name in ("yearly_cap", "balance_cap", "carry_cap", "carry_month")),
        _number("carry_day", nullable=True),
        _number("carry_protected"),
        sa.Column("carries_debt", sa.Boolean(), nullable=False),
        _id("author_id", nullable=True),
        _created(),
        _refers("entitlement_plan", "absence_type_id", "absence_type"),
        _refers("entitlement_plan", "author_id", "employee"),
        sa.CheckConstraint("grain > 0", name=op.f("ck_entitlement_plan_grain_positive")),
        sa.CheckConstraint(
            "year_month BETWEEN 1 AND 12 AND year_day BETWEEN 1 AND 31",
            name=op.f("ck_entitlement_plan_year_begins"),
        ),
        sa.UniqueConstraint(
            "company_id",
            "absence_type_id",
            "valid_from",
            name=op.f("uq_entitlement_plan_company_id_absence_type_id_valid_from"),
        ),
    )


def _agreed() -> None:
    _table(
        "agreed_entitlement",
        _id("employee_id"),
        _id("absence_type_id"),
        _date("valid_from"),
        _number("yearly_amount", nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        _id("author_id", nullable=True),
        _created(),
        _refers("agreed_entitlement", "employee_id", "employee"),
        _refers("agreed_entitlement", "absence_type_id", "absence_type"),
        _refers("agreed_entitlement", "author_id", "employee"),
        sa.UniqueConstraint(
            "company_id",
            "employee_id",
            "absence_type_id",
            "valid_from",
            name=op.f("uq_agreed_entitlement_once"),
        ),
    )


def _runs() -> None:
    _table(
        "year_end_run",
        _id("absence_type_id"),
        _number("year"),
        sa.Column("status", sa.String(40), nullable=False),
        _number("people"),
        _number("done"),
        _id("made_by_id", nullable=True),
        _id("posted_by_id", nullable=True),
        _moment("posted_at"),
        _id("reversed_by_id", nullable=True),
        _moment("reversed_at"),
        _created(),
        _refers("year_end_run", "absence_type_id", "absence_type"),
        *(
            _refers("year_end_run", name, "employee")
            for name in ("made_by_id", "posted_by_id", "reversed_by_id")
        ),
    )
    op.create_index(
        op.f("ix_year_end_run_company_id_absence_type_id_year"),
        "year_end_run",
        ["company_id", "absence_type_id", "year"],
        unique=True,
        postgresql_where=sa.text("status IN ('draft', 'ordered')"),
    )
    _table(
        "year_end_line",
        _id("run_id"),
        _id("employee_id"),
        *(_number(n) for n in ("rest", "held_back", "carried", "protected", "lapsed", "owed", "written_off")),
        sa.Column("outcome", sa.String(40), nullable=False),
        _refers("year_end_line", "run_id", "year_end_run"),
        _refers("year_end_line", "employee_id", "employee"),
        sa.UniqueConstraint(
            "company_id",
            "run_id",
            "employee_id",
            name=op.f("uq_year_end_line_company_id_run_id_employee_id"),
        ),
    )
    op.create_index(
        op.f("ix_year_end_line_company_id_employee_id"), "year_end_line", ["company_id", "employee_id"]
    )


def _notices() -> None:
    _table(
        "lapse_notice",
        _id("employee_id"),
        _id("absence_type_id"),
        _number("origin_year"),
        _date("usable_through"),
        _number("amount"),
        _moment("sent_at", nullable=False),
        _id("sent_by_id", nullable=True),
        _number("reminders"),
        _moment("reminded_at"),
        _moment("read_at"),
        _created(),
        _refers("lapse_notice", "employee_id", "employee"),
        _refers("lapse_notice", "absence_type_id", "absence_type"),
        _refers("lapse_notice", "sent_by_id", "employee"),
        sa.UniqueConstraint(
            "company_id",
            "employee_id",
            "absence_type_id",
            "usable_through",
            "origin_year",
            name=op.f("uq_lapse_notice_once"),
        ),
    )
    op.create_index(
        op.f("ix_lapse_notice_company_id_usable_through"), "lapse_notice", ["company_id", "usable_through"]
    )


_LEDGER_INDEXES = (
    "ix_ledger_entry_company_id_employee_id_plan_id_period_start",
    "ix_ledger_entry_company_id_plan_id_period_start",
    "ix_ledger_entry_company_id_run_id",
)


def _ledger() -> None:
    op.add_column("ledger_entry", _id("plan_id", nullable=True))
    op.add_column("ledger_entry", _date("period_start", nullable=True))
    op.add_column("ledger_entry", _id("run_id", nullable=True))
    for column, table in (("plan_id", "entitlement_plan"), ("run_id", "year_end_run")):
        op.create_foreign_key(
            op.f(f"fk_ledger_entry_company_id_{column}"),
            "ledger_entry",
            table,
            ["company_id", column],
            ["company_id", "id"],
        )
    once, by_plan, by_run = _LEDGER_INDEXES
    op.create_index(
        op.f(once),
        "ledger_entry",
        ["company_id", "employee_id", "plan_id", "period_start"],
        unique=True,
        postgresql_where=sa.text("kind = 'accrue'"),
    )
    op.create_index(
        op.f(by_plan),
        "ledger_entry",
        ["company_id", "plan_id", "period_start"],
        postgresql_where=sa.text("plan_id IS NOT NULL"),
    )
    op.create_index(
        op.f(by_run),
        "ledger_entry",
        ["company_id", "run_id"],
        postgresql_where=sa.text("run_id IS NOT NULL"),
    )


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    op.create_table(
        name,
        _id("company_id"),
        _id("id"),
        *parts,
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f(f"fk_{name}_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f(f"pk_{name}")),
    )
    op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY company ON {name} USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO staffroom_app")


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _date(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _moment(name: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _created() -> sa.Column:
    return sa.Column(
        "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["company_id", column],
        [f"{other}.company_id", f"{other}.id"],
        name=op.f(f"fk_{table}_company_id_{column}"),
    )


def _for_every_company(statement: str) -> None:
    for table in ("role", "role_permission"):
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(statement)
    for table in ("role", "role_permission"):
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
