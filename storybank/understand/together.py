"""One tagger for a version of the framework: the trained head, and examples for what it lacks."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from storybank.framework import Framework
from storybank.understand.embed import Embedder
from storybank.understand.engines import Tagger
from storybank.understand.examples import ExampleReader
from storybank.understand.sight import Sight
from storybank.values import Span, Suggestion


class TaggerTogether:
    """Reads by a version that people wrote, behind the Tagger protocol.

    `known` gives, for each code that `head` was trained on, the code of this version that it
    became; what was split or retired is not there. All other codes are read from their words: as
    `sight` and `embedder` see them, upon the `ground` of sentences about other things.
    """

    def __init__(
        self, framework: Framework, head: Tagger, known: Mapping[str, str],
        sight: Sight, embedder: Embedder, ground: Sequence[str],
    ) -> None:  # fmt: skip
        self._head, self._known = head, known
        rest = frozenset(framework.by_id) - set(known.values())
        self.from_examples = rest
        self._examples = ExampleReader(framework, rest, sight, embedder, ground)
        self.framework = framework.name
        self.model_id = head.model_id
        if rest:
            self.model_id = f"{head.model_id}+{self._examples.model_id}"

    def tag(self, text: str, sentences: Sequence[Span]) -> tuple[Suggestion, ...]:
        """Give the suggested tags of `text`, the surest first; offered ones come last."""
        best: dict[tuple[str, str], Suggestion] = {}
        for found in self._head.tag(text, sentences):
            code = self._known.get(found.code)
            if code is None:
                continue
            named = found.model_id or self._head.model_id
            one = replace(found, code=code, model_id=named)
            before = best.get((code, one.direction))
            if before is None or (before.offered, -before.score) > (one.offered, -one.score):
                best[code, one.direction] = one
        every = (*best.values(), *self._examples.tag(text, sentences))
        return tuple(sorted(every, key=lambda s: (s.offered, -s.score, s.span)))
