"""Typed stories in other languages: words that are withheld, and who put them into English."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add both, and say of typed stories that other rules masked them.

    Which of them are in another language is found when they are read again: `storybank reindex
    --masks` has all of them read.
    """
    op.add_column(
        "transcript",
        sa.Column("withheld", sa.Boolean(), server_default="false", nullable=False),
    )
    op.add_column("transcript", sa.Column("person_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_transcript_person_id"), "transcript", "person", ["person_id"], ["id"]
    )
    op.execute(
        "update transcript set rules_id = '' from story where story.id = transcript.story_id"
        " and story.mode = 'typed' and transcript.rules_id is not null"
    )
