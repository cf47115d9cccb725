"""Incidents and processors: the operator's records, what companies were told, and what they answered.

The operator's staff see the rows that say which company was told what, and what it answered, while no company is
bound: of the companies' other rows they see nothing new.

Revision ID: a1f0c0de0123
Revises: a1f0c0de0122
Create Date: 2026-11-27 13:20:00+00:00
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a1f0c0de0123"
down_revision = "a1f0c0de0122"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"
SCOPED = ["company_incident", "processor_answer"]
OPERATOR = ["incident", "incident_entry", "processor"]


def upgrade() -> None:
    op.add_column("company", sa.Column("security_contact", sa.Text(), nullable=True))
    op.add_column("company", sa.Column("read_only_since", sa.DateTime(timezone=True), nullable=True))
    _create_operator_tables()
    _create_company_tables()
    for table in SCOPED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY company ON {table} USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
        )
        op.execute(
            f"CREATE POLICY of_the_operator ON {table} FOR SELECT TO staffroom_support USING ({BOUND} IS NULL)"
        )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON company_incident, processor_answer TO staffroom_app")
    op.execute("GRANT SELECT ON company_incident, processor_answer TO staffroom_support")
    op.execute("GRANT SELECT, INSERT, UPDATE ON incident, incident_entry, processor TO staffroom_support")
    # What the public page of evidence counts; never what an incident was about.
    op.execute("GRANT SELECT (id, severity, noticed_at, closed_at) ON incident TO staffroom_app")
    op.execute("GRANT SELECT ON processor TO staffroom_app")


def downgrade() -> None:
    for table in [*SCOPED, "incident_entry", "incident", "processor"]:
        op.drop_table(table)
    op.drop_column("company", "read_only_since")
    op.drop_column("company", "security_contact")


def _create_operator_tables() -> None:
    op.create_table(
        "incident",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("severity", sa.String(length=40), nullable=False),
        sa.Column("noticed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("report", sa.Text(), server_default="", nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        _created(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_table(
        "incident_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_incident_entry_incident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_entry")),
    )
    op.create_index(op.f("ix_incident_entry_incident_id"), "incident_entry", ["incident_id"])
    op.create_table(
        "processor",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("name", "purpose", "data", "place", "contract")
        ),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False),
        _created(),
        sa.CheckConstraint("ends_on >= since", name=op.f("ck_processor_ends_after")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_processor")),
    )


def _create_company_tables() -> None:
    op.create_table(
        "company_incident",
        *_keys("company_incident"),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("severity", sa.String(length=40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.Column(name, postgresql.ARRAY(sa.Text()), nullable=False)
            for name in ("ips", "sessions", "actions")
        ),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.Column("people_count", sa.Integer(), nullable=False),
        sa.Column("report", sa.Text(), server_default="", nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by_id", sa.Uuid(), nullable=True),
        _created(),
        _of_employee("company_incident", "acknowledged_by_id"),
        sa.UniqueConstraint(
            "company_id", "incident_id", name=op.f("uq_company_incident_company_id_incident_id")
        ),
    )
    op.create_table(
        "processor_answer",
        *_keys("processor_answer"),
        sa.Column("processor_id", sa.Uuid(), nullable=False),
        sa.Column("processor_name", sa.Text(), nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=False),
        _created(),
        _of_employee("processor_answer", "answered_by_id"),
        sa.UniqueConstraint(
            "company_id", "processor_id", name=op.f("uq_processor_answer_company_id_processor_id")
        ),
    )


def _keys(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f(f"fk_{table}_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f(f"pk_{table}")),
    )


def _of_employee(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["company_id", column],
        ["employee.company_id", "employee.id"],
        name=op.f(f"fk_{table}_company_id_{column}"),
    )


def _created() -> sa.Column[object]:
    return sa.Column(
        "created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )
