"""Paying by Stripe: whose customer a company is, and which of Stripe's messages were taken in.

Revision ID: a1f0c0de0117
Revises: a1f0c0de0018
Create Date: 2026-11-27 11:20:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0117"
down_revision = "a1f0c0de0018"
branch_labels = None
depends_on = None

BOUND = "nullif(current_setting('app.company_id', true), '')::uuid"


def upgrade() -> None:
    op.add_column("company", sa.Column("stripe_customer", sa.Text(), nullable=True))
    op.create_unique_constraint("uq_company_stripe_customer", "company", ["stripe_customer"])
    op.create_table(
        "billing_event",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_billing_event_company_id")),
        sa.PrimaryKeyConstraint("company_id", "id", name=op.f("pk_billing_event")),
        sa.UniqueConstraint("company_id", "event", name=op.f("uq_billing_event_company_id_event")),
    )
    op.execute("ALTER TABLE billing_event ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE billing_event FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY company ON billing_event USING (company_id = {BOUND}) WITH CHECK (company_id = {BOUND})"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON billing_event TO staffroom_app")


def downgrade() -> None:
    op.drop_table("billing_event")
    op.drop_constraint("uq_company_stripe_customer", "company", type_="unique")
    op.drop_column("company", "stripe_customer")
