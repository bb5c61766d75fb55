"""The spaCy pipeline, loaded once and run over texts of any length in blocks."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

BLOCK_CHARS = 8_000
"""Texts are parsed in blocks of about this size: the parser's memory grows with the block."""
MOST_SIGNS = 300
"""A block ends after so many signs in a row (emoji, quotation marks, underscores): spaCy's
tokenizer takes them off a word one by one and looks at the whole rest again each time."""

_SIGNS = re.compile(rf"(?:[^\w\s]|_){{{MOST_SIGNS}}}")


def load_nlp(folder: Path, exclude: Sequence[str] = ()) -> Any:
    """Load the pipeline from a verified folder; gives spaCy's Language without the parts named."""
    import spacy

    return spacy.load(folder, exclude=list(exclude))


def parsed(nlp: Any, text: str, parts: Sequence[str] = ()) -> Iterator[tuple[int, Any]]:
    """Parse `text` block by block: each block's offset in `text`, and its spaCy Doc.

    `parts` names the components to run, where not all are needed: all of them together take three
    times as long as the grammar alone. Those that `nlp` lacks are passed over.
    """
    starts, texts = zip(*blocks(text), strict=True) if text else ((), ())
    off = [name for name in nlp.pipe_names if parts and name not in parts]
    yield from zip(starts, nlp.pipe(texts, batch_size=8, disable=off), strict=True)


def blocks(text: str) -> Iterator[tuple[int, str]]:
    """Cut `text` into blocks at lines, sentences or spaces: each block's offset, and its words.

    Each takes time in line with its length, whatever stands in it.
    """
    at = 0
    while at < len(text):
        end = _cut(text, at)
        yield at, text[at:end]
        at = end


def _cut(text: str, at: int) -> int:
    """Find a place to cut: a line end if there is one, else a sentence end, else a space."""
    limit = at + BLOCK_CHARS
    if signs := _SIGNS.search(text, at, limit):
        return signs.end()
    if limit >= len(text):
        return len(text)
    for mark in ("\n", ". ", " "):
        found = text.rfind(mark, at + BLOCK_CHARS // 2, limit)
        if found >= 0:
            return found + len(mark)
    return limit
