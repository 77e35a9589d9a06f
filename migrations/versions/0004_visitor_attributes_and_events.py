"""what a website says about its visitors, and what they do there"""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "visitor_attribute",
        sa.Column("visitor", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("at", core.db.UtcTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", core.db.UtcTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visitor_attribute")),
        sa.UniqueConstraint("visitor", "name", name=op.f("uq_visitor_attribute_visitor_name")),
    )
    op.create_table(
        "visitor_event",
        sa.Column("visitor", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("at", core.db.UtcTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", core.db.UtcTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visitor_event")),
        sa.UniqueConstraint("visitor", "client_id", name=op.f("uq_visitor_event_visitor_client_id")),
    )
    op.create_index("ix_visitor_event_latest", "visitor_event", ["visitor", "at"])


def downgrade() -> None:
    op.drop_table("visitor_event")
    op.drop_table("visitor_attribute")
