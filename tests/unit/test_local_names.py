"""What Whisper makes of a recording with local names, and when it has to listen without them."""

from types import SimpleNamespace

import numpy as np
import pytest

from storybank.transcribe import hearing
from storybank.transcribe.vad import FRAME
from storybank.transcribe.whisper import WhisperTranscriber

SECONDS = 20
TALK = np.ones(SECONDS * 16_000, np.float32)
NAMES = ("Saltwell Park", "Bensham Grove")
WHOLE = "The bus that we take to the park on a Sunday never comes any more at all."


def said(text: str, start: float = 0.0, each: float = 1.0):
    """What faster-whisper gives for one segment: a word after another."""
    words = [
        SimpleNamespace(word=f" {word}", start=start + n * each, end=start + (n + 1) * each,
                        probability=0.9)
        for n, word in enumerate(text.split())
    ]  # fmt: skip
    end = words[-1].end
    return SimpleNamespace(
        text=f" {text}", start=start, end=end, words=words, compression_ratio=1.0, avg_logprob=-0.1
    )


class Model:
    """Says one thing where it is told of names, and another without."""

    supported_languages = ("en",)
    hf_tokenizer = SimpleNamespace(encode=lambda text, **_: text.split())

    def __init__(self, hinted, plain):
        self.says = {True: hinted, False: plain}
        self.asked: list[bool] = []

    def transcribe(self, sound, *, language, hotwords, **_):
        self.asked.append(hotwords is not None)
        return iter(self.says[hotwords is not None]), None


@pytest.fixture
def listen(monkeypatch):
    monkeypatch.setattr(
        hearing, "speech_chances", lambda a: np.ones(-(-len(a) // FRAME), np.float32)
    )

    def listened(hinted, plain, **more):
        transcriber = WhisperTranscriber("whisper-base", None, threads=1)
        transcriber.__dict__["_model"] = model = Model(hinted, plain)
        return transcriber.transcribe(TALK, language="en", local_words=NAMES, **more), model.asked

    return listened


def test_names_that_leave_nothing_out_are_listened_for_once(listen):
    heard, asked = listen([said(WHOLE, each=1.15)], [])
    assert (heard.text, asked) == (WHOLE, [True])


@pytest.mark.parametrize(
    "hinted",
    [
        [said("The bus that we take")],
        [said("Saltwell Park, Bensham Grove, Saltwell Park.", start=14)],
        [said("The bus that we take", each=4.0)],
        [],
    ],
    ids=["the end left out", "names nobody said", "words drawn over the rest", "nothing"],
)
def test_where_names_take_the_place_of_what_is_said_it_is_heard_without_them(listen, hinted):
    heard, asked = listen(hinted, [said(WHOLE, each=1.15)])
    assert (heard.text, asked) == (WHOLE, [True, False])


def test_what_was_heard_with_names_stays_where_no_more_is_heard_without(listen):
    hinted = [said("We met"), said("in Saltwell Park", start=3)]
    parts: list[str] = []

    heard, asked = listen(hinted, [said("We met")], on_words=lambda t: parts.append(t.text))

    assert (heard.text, asked) == ("We met in Saltwell Park", [True, False])
    assert parts[-1] == heard.text
    assert [w.span.of(heard.text) for s in heard.segments for w in s.words] == heard.text.split()


def test_nothing_heard_with_names_nor_without_is_nothing(listen):
    assert listen([], [], on_progress=lambda _: None)[0].text == ""
