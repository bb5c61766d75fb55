"""Sentences with something put in, which can still be said in another language afterwards."""


class Sentence(str):
    """An English sentence that remembers its pattern and what was put into it.

    It is an ordinary text wherever nobody translates. `pattern` has the placeholders of Python's
    `%(name)s`; a value may be a `Sentence` or a text that stands in the catalogues itself.
    """

    pattern: str
    values: dict[str, object]


def sentence(pattern: str, **values: object) -> Sentence:
    """Give `pattern` filled in; the catalogues hold the pattern, found by this function's name."""
    said = Sentence(pattern % values)
    said.pattern, said.values = pattern, values
    return said


class Theirs(str):
    """A text that somebody of the council or a programme wrote in the reader's own language.

    It is said as it is: no catalogue holds it, and it is not English.
    """

    __slots__ = ()
