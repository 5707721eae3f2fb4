"""An index of the orders that cost the operator by their people's doing."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    costly = sa.text("costly_end")
    columns = ["account_id", "finished_at"]
    op.create_index("ix_jobs_costly", "jobs", columns, sqlite_where=costly, postgresql_where=costly)


def downgrade() -> None:
    op.drop_index("ix_jobs_costly", table_name="jobs")
