"""until when a website vouches for a visitor"""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visitor_proof",
        sa.Column("visitor", sa.String(), nullable=False),
        sa.Column("inbox_id", sa.String(), nullable=False),
        sa.Column("sub", sa.String(), nullable=False),
        sa.Column("expires_at", core.db.UtcTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", core.db.UtcTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["inbox_id"], ["inbox.id"], name=op.f("fk_visitor_proof_inbox_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visitor_proof")),
        sa.UniqueConstraint("visitor", name=op.f("uq_visitor_proof_visitor")),
    )


def downgrade() -> None:
    op.drop_table("visitor_proof")
