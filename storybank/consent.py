"""What each consent allows: the five uses, their wording, and the rules between them."""

import re
from dataclasses import dataclass, replace

from storybank.sentences import Theirs
from storybank.values import ConsentGiven, Use

WORDING = "2026-11"
"""Version of the sentences below; a change of words is a change of version."""

_END = re.compile("(?<=[.!?\u061f\u06d4\u0964]) +")
"""Where a sentence ends, in Latin letters, Arabic, Urdu and Bengali."""


@dataclass(frozen=True, slots=True)
class Question:
    """One consent question as tellers read it."""

    use: Use
    ask: str
    hint: str
    short: str

    @property
    def lines(self) -> tuple[str, ...]:
        """The hint sentence by sentence, for Easy Read; nothing where there is none."""
        lines = (line for line in _END.split(self.hint) if line)
        return tuple(Theirs(line) if isinstance(self.hint, Theirs) else line for line in lines)


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


@dataclass(frozen=True, slots=True)
class Translated:
    """A version's own words in one more language: question and hint for each use, and the spoken.

    An empty text is one that nobody wrote. `language` is a code like `ar`.
    """

    language: str
    questions: tuple[tuple[str, str], ...]
    spoken: str = ""

    @property
    def whole(self) -> bool:
        """Whether every question is there."""
        return all(ask for ask, _ in self.questions)


@dataclass(frozen=True, slots=True)
class Wording:
    """One version of how consent is asked: the five questions in order, and the spoken sentence.

    Whatever the words, the five uses mean the same and stand in the same order. The English is
    the wording of record; `translated` holds what somebody wrote in other languages.
    """

    version: str
    questions: tuple[Question, ...]
    spoken: str
    translated: tuple[Translated, ...] = ()

    def in_language(self, code: str) -> "Wording":
        """Give the same version with what was written in this language in place of the English.

        A question that nobody wrote in it stays as it is, with its hint.
        """
        own = next((other for other in self.translated if other.language == code), None)
        if own is None:
            return self
        questions = tuple(
            replace(question, ask=Theirs(ask), hint=Theirs(hint)) if ask else question
            for question, (ask, hint) in zip(self.questions, own.questions, strict=True)
        )
        spoken = Theirs(own.spoken) if own.spoken else self.spoken
        return replace(self, questions=questions, spoken=spoken)


SHIPPED = Wording(WORDING, QUESTIONS, SPOKEN)
"""The wording that Storybank comes with: asked wherever nobody has written another."""

_LANGUAGE = re.compile(r"[a-z]{2,3}")


def shown_as(version: str, language: str, *, easy: bool) -> str:
    """Name the words in which consent was asked: `2026-11`, `2026-11/pl/easy`, `sport/2/easy`.

    `language` is `en` where the questions were shown in no other.
    """
    return "/".join([version, *([language] if language != "en" else []), *(["easy"] * easy)])


def versions_in(name: str) -> tuple[str, ...]:
    """Give the versions that a name by `shown_as` may stand for, the likeliest first."""
    rest = name.removesuffix("/easy")
    bare, _, last = rest.rpartition("/")
    return (rest, bare) if bare and _LANGUAGE.fullmatch(last) else (rest,)


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
