"""What each consent allows: the five uses, their wording, and the rules between them."""

from dataclasses import dataclass, replace

from storybank.values import ConsentGiven, Use

WORDING = "2026-11"
"""Version of the sentences below; a change of words is a change of version."""


@dataclass(frozen=True, slots=True)
class Question:
    """One consent question as tellers read it."""

    use: Use
    ask: str
    hint: str
    short: str


QUESTIONS: tuple[Question, ...] = (
    Question(
        Use.LEARN,
        "Can people at the council read your story to learn from it?",
        "Names and phone numbers are hidden first.",
        "Read inside the council to learn",
    ),
    Question(
        Use.QUOTE,
        "Can we use some of your words in a report, without your name?",
        "For example, one sentence on a page about your area.",
        "Quoted without a name",
    ),
    Question(
        Use.VOICE,
        "Can people at the council play your voice?",
        "Only if you recorded your story.",
        "Voice played",
    ),
    Question(
        Use.PUBLISH,
        "Can we put your story on our website or in print?",
        "Anybody could read it there.",
        "Published",
    ),
    Question(
        Use.NAMED,
        "Can we say your name with your story?",
        "We will ask you for your name first.",
        "Named",
    ),
)

SPOKEN = (
    "I would like to record your story for the council. You can stop at any time, and you can take "
    "it back later. May people at the council read it to learn from it, with names hidden? May we "
    "use some of your words in a report, without your name? May people at the council play your "
    "voice? May we put your story on our website or in print? May we say your name with it? "
    "Please say yes or no to each."
)
"""What a worker reads aloud where consent is recorded: the same five questions in one breath."""

NEEDS: dict[Use, Use] = {
    Use.QUOTE: Use.LEARN,
    Use.VOICE: Use.LEARN,
    Use.PUBLISH: Use.LEARN,
    Use.NAMED: Use.LEARN,
}
"""A use that makes no sense without another: nobody can quote what nobody may read."""


def effective(given: ConsentGiven) -> ConsentGiven:
    """Give the consent with every use switched off whose ground was refused.

    A teller who says "quote me" but not "read it" has not been understood; the smaller
    permission counts.
    """
    off = {use.value: False for use, ground in NEEDS.items() if not given.allows(ground)}
    values = {use.value: given.allows(use) for use in Use} | off
    return replace(given, **values)  # type: ignore[arg-type]  # the five uses are bool
