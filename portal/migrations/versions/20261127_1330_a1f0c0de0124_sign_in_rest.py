"""A sensitive form waits for its owner's proof; a person's history names the provider by which they came.

The last day of a client secret, and the portal's own keys for a SAML provider.

Revision ID: a1f0c0de0124
Revises: a1f0c0de0123
Create Date: 2026-11-27 13:30:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "a1f0c0de0124"
down_revision = "a1f0c0de0123"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.add_column("sign_in_session", sa.Column("kept_form_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("sign_in_session", sa.Column("kept_form_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sign_in_attempt", sa.Column("provider", sa.Text(), nullable=True))
    op.add_column("identity_provider", sa.Column("secret_expires_on", sa.Date(), nullable=True))
    op.add_column("identity_provider", sa.Column("keys_sealed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("identity_provider", "keys_sealed")
    op.drop_column("identity_provider", "secret_expires_on")
    op.drop_column("sign_in_attempt", "provider")
    op.drop_column("sign_in_session", "kept_form_until")
    op.drop_column("sign_in_session", "kept_form_sealed")
