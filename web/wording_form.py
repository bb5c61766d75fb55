"""The form in which an admin writes how consent is asked: to fill it, and to read what came."""

from storybank.consent import SHIPPED, Question, Translated, Wording
from storybank.values import Use
from web.forms import Form, Problems
from web.language import ENGLISH, LANGUAGES

LONGEST = {"ask": 120, "hint": 150, "short": 40}
"""In characters: what fits a phone's screen, and one sheet of paper with all five."""
LONGEST_SPOKEN = 1200
LONGER = 1.5
"""What other languages take for the same: so much more they may be."""
OTHERS = tuple(language for language in LANGUAGES.values() if language is not ENGLISH)
"""The languages in which a text can stand beside the English."""
_QUESTION_MARKS = ("?", "؟")


def filled_with(wording: Wording) -> Form:
    """Give the form filled with the words of now, to begin a new version from."""
    texts = {f"{q.use}-{part}": (getattr(q, part),) for q in wording.questions for part in LONGEST}
    for other in wording.translated:
        for use, (ask, hint) in zip(Use, other.questions, strict=True):
            texts[f"{other.language}-{use}-ask"] = (ask,)
            texts[f"{other.language}-{use}-hint"] = (hint,)
        texts[f"{other.language}-spoken"] = (other.spoken,)
    return Form(texts | {"spoken": (wording.spoken,)})


def written(form: Form, problems: Problems) -> Wording:
    """Give the words that were typed; what is wrong with them goes into `problems`."""
    questions = tuple(
        Question(use, **{part: _text(form, f"{use}-{part}") for part in LONGEST}) for use in Use
    )
    for question in questions:
        _check(question, problems)
    spoken = _text(form, "spoken")
    if not 0 < len(spoken) <= LONGEST_SPOKEN:
        problems.add("spoken", f"Write what is read aloud, in at most {LONGEST_SPOKEN} characters")
    others = [_translated(form, language.code) for language in OTHERS]
    found = tuple(sorted((o for o in others if o is not None), key=lambda o: o.language))
    for other in found:
        _check_translated(other, questions, problems)
    return Wording("", questions, spoken, found)


def in_english_only(wording: Wording) -> dict[str, int]:
    """Count, by language, the questions that are asked in English there.

    Questions that nobody changed are in Storybank's own catalogues.
    """
    own = [q for q, ours in zip(wording.questions, SHIPPED.questions, strict=True)
           if (q.ask, q.hint) != (ours.ask, ours.hint)]  # fmt: skip
    counts = {language.code: len(own) for language in OTHERS}
    for other in wording.translated:
        asked = {use for use, (ask, _) in zip(Use, other.questions, strict=True) if ask}
        counts[other.language] = sum(question.use not in asked for question in own)
    return counts


def left_behind(new: Wording, now: Wording) -> list[str]:
    """Give the names of the languages whose words stayed where the English of them was changed."""
    changed = [
        use
        for use, one, before in zip(Use, new.questions, now.questions, strict=True)
        if (one.ask, one.hint) != (before.ask, before.hint)
    ]
    before = {other.language: other for other in now.translated}
    return [
        LANGUAGES[other.language].name
        for other in new.translated
        if other.language in before
        and (
            _stayed(other, before[other.language], changed)
            or (new.spoken != now.spoken and other.spoken == before[other.language].spoken != "")
        )
    ]


def _stayed(other: Translated, before: Translated, changed: list[Use]) -> bool:
    """Say whether a question of `changed` is asked in the same words as before."""
    pairs = zip(Use, other.questions, before.questions, strict=True)
    return any(use in changed and one[0] and one == was for use, one, was in pairs)


def _translated(form: Form, code: str) -> Translated | None:
    questions = tuple(
        (_text(form, f"{code}-{use}-ask"), _text(form, f"{code}-{use}-hint")) for use in Use
    )
    spoken = _text(form, f"{code}-spoken")
    return Translated(code, questions, spoken) if any(map(any, questions)) or spoken else None


def _check(question: Question, problems: Problems) -> None:
    for part, most in LONGEST.items():
        if len(getattr(question, part)) > most:
            problems.add(f"{question.use}-{part}", f"Write it in at most {most} characters")
    if not question.ask.endswith("?"):
        problems.add(f"{question.use}-ask", "Write one question that can be answered yes or no")
    if not question.short:
        problems.add(f"{question.use}-short", "Write the short form that staff see")


def _check_translated(
    other: Translated, questions: tuple[Question, ...], problems: Problems
) -> None:
    name = LANGUAGES[other.language].name
    for question, (ask, hint) in zip(questions, other.questions, strict=True):
        at = f"{other.language}-{question.use}"
        for part, text in (("ask", ask), ("hint", hint)):
            if len(text) > (most := int(LONGEST[part] * LONGER)):
                problems.add(f"{at}-{part}", f"Write it in at most {most} characters: {name}")
        if (ask or hint) and not ask.endswith(_QUESTION_MARKS):
            problems.add(f"{at}-ask", f"Write one question with its question mark: {name}")
        if ask and question.hint and not hint:
            problems.add(f"{at}-hint", f"Write the hint, too, as there is one in English: {name}")
    if len(other.spoken) > (most := int(LONGEST_SPOKEN * LONGER)):
        problems.add(f"{other.language}-spoken", f"Write it in at most {most} characters: {name}")


def _text(form: Form, name: str) -> str:
    return " ".join(form.text(name).split())
