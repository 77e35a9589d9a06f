"""where on its channel a thread is"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("thread") as table:
        table.add_column(sa.Column("place", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("thread") as table:
        table.drop_column("place")
