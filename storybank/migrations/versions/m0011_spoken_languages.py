"""Spoken stories in other languages: their words are withheld, as typed ones are."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Withhold what was heard in another language at once: nobody is to read a name meanwhile.

    Of those stories, and of corrected ones, it is said that other rules masked them. What people
    wrote in another language is found when they are read again: `storybank reindex --masks` has
    all of them read.
    """
    op.execute(
        "create temporary table told_foreign on commit drop as"
        " select transcript.id, story_id from transcript join story on story.id = story_id"
        " where story.mode = 'spoken' and transcript.language <> 'en'"
        " and transcript.translates is null and transcript.rules_id is not null"
    )
    op.execute("delete from passage using told_foreign t where transcript_id = t.id")
    op.execute("delete from strength using told_foreign t where transcript_id = t.id")
    op.execute(
        "update suggestion set quote = '[not in English]' from told_foreign t"
        " where transcript_id = t.id"
    )
    op.execute(
        "update coding set quote = '[not in English]' from told_foreign t"
        " where transcript_id = t.id"
    )
    op.execute(
        "update story set title = coalesce((select left(text, 70) from passage"
        " where story_id = story.id order by ordinal limit 1), '')"
        " where id in (select story_id from told_foreign)"
    )
    op.execute(
        "update transcript set withheld = true, masked = ''"
        " where id in (select id from told_foreign)"
    )
    op.execute(
        "update transcript set rules_id = '' from story where story.id = transcript.story_id"
        " and story.mode = 'spoken' and transcript.rules_id is not null and exists ("
        " select from transcript told where told.story_id = story.id and told.translates is null"
        " and (told.language <> 'en' or told.source = 'corrected'))"
    )
