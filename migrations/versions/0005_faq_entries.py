"""each entry of an FAQ file is an article of its own"""

import sqlalchemy as sa
from alembic import op

import core.db

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "faq_entry",
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", core.db.UtcTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_faq_entry_article_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_entry")),
        sa.UniqueConstraint("article_id", name=op.f("uq_faq_entry_article_id")),
    )
    op.create_index(op.f("ix_faq_entry_file"), "faq_entry", ["file"])
    op.add_column("article", sa.Column("kind", sa.String(), nullable=False, server_default="text"))
    for name in ("entries", "entries_done"):
        column = sa.Column(name, sa.Integer(), nullable=False, server_default="0")
        op.add_column("upload", column)
    _read_faq_files_again()


def _read_faq_files_again() -> None:
    """Files that became one article full of questions wait to be read once more, now entry by
    entry. An article that somebody has edited or taken out of use since stays as it is."""
    op.execute(
        """
        UPDATE upload SET state = 'waiting', message = '', claimed_until = NULL, finished_at = NULL
        WHERE state = 'done' AND EXISTS (
            SELECT 1 FROM article JOIN passage
            ON passage.article_id = article.id AND passage.version = article.current_version
            WHERE article.id = upload.article_id AND article.file_key = upload.file_key
            AND article.status = 'published' AND passage.kind = 'faq'
        ) AND NOT EXISTS (
            SELECT 1 FROM upload AS newer
            WHERE newer.article_id = upload.article_id AND newer.id > upload.id
            AND newer.state = 'done'
        )
        """
    )


def downgrade() -> None:
    for name in ("entries_done", "entries"):
        op.drop_column("upload", name)
    op.drop_column("article", "kind")
    op.drop_table("faq_entry")
