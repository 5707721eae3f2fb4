"""Examples of templates: results of operators that show what comes of an idea."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "template_examples",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("actor", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_template_examples_job_id")),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_template_examples")),
    )


def downgrade() -> None:
    op.drop_table("template_examples")
