"""Honest small engines for tests that are not about the engines; each keeps its protocol.

`tests/weights` runs the real ones through the same pipeline.
"""

import functools
import hashlib
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from sqlalchemy import Engine

from storybank.capture.intake import Desk
from storybank.pipeline import Workshop
from storybank.transcribe.voices.turns import Turn
from storybank.values import Direction, Mask, Segment, Span, Suggestion, Transcript, Vector, Word


class CannedVoices:
    """Hears the turns it was made with, in any recording; one voice where there are none."""

    model_id = "canned"

    def __init__(self, *turns: Turn) -> None:
        self._turns = turns
        self.expected: bool | None = None

    def turns(self, audio: Vector, *, expected: bool = False) -> tuple[Turn, ...]:
        """Give the canned turns."""
        self.expected = expected
        return self._turns


class CannedTranscriber:
    """Hears the words it was made with, one each half second; hears nothing in an empty list."""

    model_id = "canned"

    def __init__(
        self,
        text: str = "The bus never comes. Anna Smith helped me.",
        *,
        flags: tuple[str, ...] = (),
        language: str = "en",
        english: str | None = None,
    ) -> None:
        self._text = text
        self.flags, self.language, self.english = flags, language, english
        self.told: tuple[str, ...] = ()

    def transcribe(
        self,
        audio: Vector,
        *,
        language: str | None = None,
        local_words: Sequence[str] = (),
        on_progress: Callable[[float], None] | None = None,
        on_words: Callable[[Transcript], None] | None = None,
    ) -> Transcript:
        """Give the canned words with made-up times; the words so far are all of them."""
        self.told = tuple(local_words)
        heard = self._heard(language)
        if on_words:
            on_words(heard)
        if on_progress:
            on_progress(0.5)
        return heard

    def translate(
        self,
        audio: Vector,
        *,
        language: str,
        on_progress: Callable[[float], None] | None = None,
    ) -> Transcript | None:
        """Give what it was told to say in English, or nothing."""
        if self.english is None:
            return None
        return replace(self._canned(self.english), model_id=f"{self.model_id}/translation")

    def _heard(self, language: str | None) -> Transcript:
        heard = self._canned(self._text)
        first = [replace(s, flags=self.flags) for s in heard.segments[:1]]
        return replace(
            heard,
            language=language or self.language,
            segments=(*first, *heard.segments[1:]),
        )

    def _canned(self, text: str) -> Transcript:
        words = tuple(
            Word(Span(m.start(), m.end()), n / 2, n / 2 + 0.4, 0.9)
            for n, m in enumerate(re.finditer(r"\S+", text))
        )
        end = words[-1].end if words else 0.0
        segments = tuple(_sentences(text, words))
        return Transcript(text, "en", 0.99, end, segments, self.model_id)


def _sentences(text: str, words: Sequence[Word]) -> Iterator[Segment]:
    """Give a segment for each sentence; `words` are those of `text`."""
    for match in re.finditer(r"\S.*?(?:[.?!](?=\s|$)|$)", text):
        said = tuple(w for w in words if match.start() <= w.span.start < match.end())
        yield Segment(Span(*match.span()), said[0].start, said[-1].end, 0.9, (), said)


class HashEmbedder:
    """Vectors from hashed words: texts that share words are near each other, no others are."""

    model_id = "hashed"

    def encode(self, texts: Sequence[str]) -> Vector:
        """Give vectors of length 1, shape (n, 384)."""
        vectors = np.zeros((len(texts), 384), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()) or ["-"]:
                place = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
                vectors[row, place % 384] += 1.0
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


class NamedRedactor:
    """Masks the names it was told, and nothing else."""

    rules_id = "named-1"

    def __init__(self, *names: str) -> None:
        self._names = names or ("Anna Smith",)

    def find(self, text: str, doubtful: Sequence[Span] = ()) -> tuple[Mask, ...]:
        """Give a mask for each place where one of the names stands."""
        pattern = "|".join(re.escape(name) for name in self._names)
        return tuple(
            Mask(Span(m.start(), m.end()), "person", "[person 1]")
            for m in re.finditer(pattern, text)
        )


class LanguageByLetters:
    """Takes for Polish what has a Polish letter in it, and all else for English."""

    def find(self, text: str, expected: str) -> str:
        """Give `pl` or `en`."""
        return "pl" if re.search("[ąćęłńśźż]", text) else "en"


class KeywordTagger:
    """Suggests `aim-adapting -` on sentences that hold the word "bus", and nothing else."""

    model_id = "keyword-1"
    framework = "thriving-communities@1"

    def tag(self, text: str, sentences: Sequence[Span]) -> tuple[Suggestion, ...]:
        """Give one suggestion a sentence with the word in it."""
        return tuple(
            Suggestion("aim-adapting", Direction.MISSING, span, span.of(text), 0.8)
            for span in sentences
            if re.search(r"\bbus\b", span.of(text), re.IGNORECASE)
        )


@functools.cache
def plain_nlp() -> Any:
    """Give a pipeline that knows ends of sentences and nothing else; made once, it takes 0.3 s."""
    # spaCy takes torch where there is one, and a blank pipeline needs none: two seconds a process.
    hidden = "torch" not in sys.modules
    if hidden:
        sys.modules["torch"] = None  # type: ignore[assignment]
    import spacy  # not at the top: processes that tests start again and again do without

    if hidden:
        del sys.modules["torch"]
    # Else it loads what every installed package offers it, and presidio brings transformers: 6 s.
    spacy.util.registry._entry_point_factories.entry_points = False
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    return nlp


def make_workshop(
    engine: Engine,
    desk: Desk,
    heard: str | None = None,
    nlp: Any = None,
    turns: Sequence[Turn] = (),
) -> Workshop:
    """Give a workshop of fakes on real storage; `heard` and `turns` are what it will hear."""
    return Workshop(
        engine=engine,
        settings=desk.settings,
        keyring=desk.keyring,
        blobs=desk.blobs,
        transcriber=CannedTranscriber() if heard is None else CannedTranscriber(heard),
        voices=CannedVoices(*turns),
        nlp=nlp or plain_nlp(),
        embedder=HashEmbedder(),
        redactor=NamedRedactor(),
        tagger=KeywordTagger(),
        written=LanguageByLetters(),
    )
