"""Spoken stories in other languages: their words are to be withheld, as typed ones are."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Say of stories heard in another language, or corrected, that other rules masked them.

    Which of them are in another language is found when they are read again: `storybank reindex
    --masks` has all of them read.
    """
    op.execute(
        "update transcript set rules_id = '' from story where story.id = transcript.story_id"
        " and story.mode = 'spoken' and transcript.rules_id is not null and exists ("
        " select from transcript told where told.story_id = story.id and told.translates is null"
        " and (told.language <> 'en' or told.source = 'corrected'))"
    )
