"""What one finder reports, and how the reports of several become one row of spans."""

from collections.abc import Iterable
from dataclasses import dataclass

from storybank.values import Span

PRECEDENCE = (
    "email",
    "link",
    "nhs",
    "nino",
    "bank",
    "card",
    "dob",
    "phone",
    "reference",
    "passport",
    "driving_licence",
    "vehicle",
    "handle",
    "network_address",
    "postcode",
    "address",
    "street",
    "school",
    "gp_practice",
    "person",
)
"""Where two finders touch the same words, the earlier kind names the mask."""


@dataclass(frozen=True, slots=True)
class Detail:
    """A stretch of a text that may tell who somebody is, and which kind of detail it is.

    `sure`, in [0, 1], says how likely it is one: people look at the unsure ones first.
    """

    span: Span
    kind: str
    sure: float = 1.0


def detail(start: int, end: int, kind: str, sure: float = 1.0) -> Detail:
    """Make one detail from its two offsets."""
    return Detail(Span(start, end), kind, sure)


def merged(details: Iterable[Detail], kept: Iterable[Span] = ()) -> list[Detail]:
    """Give details in order and without overlap; those that touch a `kept` span are left out.

    Overlapping details become one that covers both: half a number left standing is a leak.
    """
    safe = sorted(kept)
    found: list[Detail] = []
    for item in sorted(details, key=lambda d: (d.span, PRECEDENCE.index(d.kind))):
        if item.span.start >= item.span.end or any(item.span.overlaps(k) for k in safe):
            continue
        if found and found[-1].span.overlaps(item.span):
            found[-1] = _joined(found[-1], item)
        else:
            found.append(item)
    return found


def _joined(one: Detail, other: Detail) -> Detail:
    kind = min(one.kind, other.kind, key=PRECEDENCE.index)
    start = min(one.span.start, other.span.start)
    sure = max(one.sure, other.sure)
    return detail(start, max(one.span.end, other.span.end), kind, sure)
