"""which process holds a lease"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversation", sa.Column("turn_claimed_by", sa.String(), nullable=True))
    op.add_column("message", sa.Column("send_claimed_by", sa.String(), nullable=True))
    op.add_column("upload", sa.Column("claimed_by", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("upload", "claimed_by")
    op.drop_column("message", "send_claimed_by")
    op.drop_column("conversation", "turn_claimed_by")
