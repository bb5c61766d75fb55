"""In which language a version of a story is told, before its words are shown to anybody."""

import pytest

from storybank.index.withheld import told_in
from storybank.tables import TranscriptRow
from storybank.values import Segment, Span, Transcript
from tests.fakes import LanguageByLetters

POLISH, ENGLISH = "Już jeździ.", "It runs again."


@pytest.mark.parametrize(
    ("source", "heard", "text", "flags", "in_english", "found"),
    [
        ("machine", "en", ENGLISH, (), False, "en"),
        ("machine", "en", POLISH, (), False, "en"),
        ("machine", "en", POLISH, ("language-doubt",), False, "pl"),
        ("machine", "en", ENGLISH, ("language-doubt",), False, "en"),
        ("machine", "cs", POLISH, (), True, "cs"),
        ("machine", "cs", ENGLISH, (), True, "cs"),
        ("machine", "cs", ENGLISH, (), False, "cs"),
        ("corrected", "en", POLISH, (), False, "pl"),
        ("corrected", "pl", ENGLISH, (), False, "pl"),
    ],
)
def test_what_was_heard_counts_where_it_is_sure_and_else_the_words(
    source, heard, text, flags, in_english, found
):
    row = TranscriptRow(version=1, source=source, sealed=b"")
    segment = Segment(Span(0, len(text)), 0.0, 1.0, 0.9, flags, ())
    told = Transcript(text, heard, 0.9, 1.0, (segment,), "canned")
    assert told_in(LanguageByLetters(), row, told, in_english=in_english) == found


@pytest.mark.parametrize(("sure", "found"), [(0.9, "cs"), (0.65, "cs"), (0.6, "en")])
def test_words_that_look_english_are_none_where_the_ear_was_sure_of_another_language(sure, found):
    row = TranscriptRow(version=2, source="corrected", sealed=b"")
    told = Transcript(ENGLISH, "cs", sure, 1.0, (Segment(Span(0, 5), 0.0, 1.0, 0.9, (), ()),), None)
    assert told_in(LanguageByLetters(), row, told) == found


def test_typed_words_are_in_what_they_look_like_and_never_english_beside_their_english():
    row = TranscriptRow(version=1, source="typed", sealed=b"")
    finder = LanguageByLetters()
    assert told_in(finder, row, Transcript(POLISH, language="cs")) == "pl"
    assert told_in(finder, row, Transcript(ENGLISH, language="pl")) == "en"
    assert told_in(finder, row, Transcript(ENGLISH), in_english=True) == "und"


def test_a_few_words_typed_under_an_english_recording_are_looked_at_by_themselves():
    class ByMost(LanguageByLetters):
        """Takes a whole for English where most of it is."""

        def find(self, text, expected):
            return super().find(text, expected) if len(text) < 40 else "en"

    row = TranscriptRow(version=2, source="corrected", sealed=b"")
    heard = " ".join([ENGLISH] * 5)
    segment = Segment(Span(0, len(heard)), 0.0, 9.0, 0.9, (), ())
    for added, found in ((POLISH, "pl"), (ENGLISH, "en"), ("", "en")):
        told = Transcript(f"{heard}\n\n{added}".strip(), "en", 0.9, 9.0, (segment,), None)
        assert told_in(ByMost(), row, told) == found
