"""since when a provider has been refusing an inbox, and the language of a chat sent by email"""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    since = sa.Column("refused_since", core.db.UtcTime(timezone=True), nullable=True)
    op.add_column("hold", since)
    language = sa.Column("language", sa.String(), nullable=False, server_default="")
    op.add_column("transcript", language)


def downgrade() -> None:
    op.drop_column("transcript", "language")
    op.drop_column("hold", "refused_since")
