"""A person puts what a worker wrote beside a story into English."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Let a note name the one that it says in English."""
    op.add_column(
        "note",
        sa.Column("translates", sa.Integer(), sa.ForeignKey("note.id", ondelete="CASCADE")),
    )
    op.create_index("ix_note_translates", "note", ["translates"])
    have_read_again()


def have_read_again() -> None:
    """Say of stories that were read as English, and had an English, that other rules masked them.

    `storybank reindex --masks` has them read, and withheld: what is known to be in another language
    stays so, whatever a correction looks like.
    """
    op.execute(
        "update transcript set rules_id = '' where rules_id is not null and language = 'en'"
        " and translates is null and exists (select from transcript english"
        " where english.story_id = transcript.story_id and english.translates is not null)"
    )
