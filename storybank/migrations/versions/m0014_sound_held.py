"""Recordings whose words are withheld are held, too, until it is known when names are said."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Play none of them to staff where no machine's English tells it; a new copy looks again.

    Of a story with an English, whose language nobody had asked for, and of one beside which a note
    stands that was taken for another language, or begins with the heading of earlier versions, it
    is said that other rules masked it: `storybank reindex --masks` has it read.
    """
    op.execute(
        "update recording set held = true where exists ("
        " select from transcript where transcript.story_id = recording.story_id and withheld)"
        " and not exists (select from transcript"
        " where transcript.story_id = recording.story_id"
        " and translates is not null and person_id is null)"
    )
    op.execute(
        "update transcript set rules_id = '' where rules_id is not null and (exists ("
        " select from transcript english where english.story_id = transcript.story_id"
        " and english.translates is not null)"
        " or exists (select from note where note.story_id = transcript.story_id"
        " and (note.language <> 'en' or note.masked like 'What the teller said, as the worker%')))"
    )
