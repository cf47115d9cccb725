"""${message}

Safe to run beside the version before it? Say so here. Adding a table of a company's rows means, in this file:
the composite key, indexes led by company_id, row security (ENABLE, FORCE, policy) and the app role's grants.
Dropping a column takes two releases. No imports from portal: this file must still run in five years.

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
