"""A picture of how far a score can be believed."""

from collections.abc import Mapping
from html import escape

SIDE, EDGE, WIDE = 300, 46, 360
"""Of the square, of the room for its labels at the left and below, and of the whole picture, in
pixels."""
LARGEST, SMALLEST = 11.0, 3.0
"""Radius of a dot for many suggestions, and for one, in pixels."""
LAST = 0.9
"""Lower edge of the last band."""
INK, DOT, GRID = "#0b0c0c", "#1d70b8", "#b1b4b6"
FRAME = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {wide}" role="img" '
    'font-family="sans-serif" font-size="12" fill="{ink}"><title>{title}</title>'
    '<rect width="{wide}" height="{wide}" fill="#ffffff"/>{body}</svg>\n'
)


def reliability(bands: Mapping[float, tuple[int, int]], name: str) -> str:
    """Give an SVG: for each band of scores, which part of its suggestions was right.

    `bands` maps the lower edge of each tenth to how many suggestions had such a score and how many
    of them were right. A dot on the diagonal says: right as often as the score claims; its area
    grows with the number behind it, which stands beside it.
    """
    most = max((said for said, _ in bands.values()), default=1)
    dots = "".join(_dot(edge, said, right, most) for edge, (said, right) in bands.items())
    title = escape(f"How often suggestions were right, by score: {name}")
    return FRAME.format(wide=WIDE, ink=INK, title=title, body=_axes() + dots)


def _axes() -> str:
    lines = []
    for tenth in range(0, 11, 2):
        share = tenth / 10
        x, y = _x(share), _y(share)
        lines.append(_line(x, _y(0), x, _y(1), GRID) + _line(_x(0), y, _x(1), y, GRID))
        lines.append(_label(x, _y(0) + 16, f"{share:.1f}", "middle"))
        lines.append(_label(_x(0) - 6, y + 4, f"{share:.1f}", "end"))
    lines.append(_line(_x(0), _y(0), _x(1), _y(1), INK, ' stroke-dasharray="4 4"'))
    lines.append(_label(_x(0.5), _y(0) + 34, "score", "middle"))
    lines.append(_label(_x(0) + 6, _y(1) + 14, "part that was right", "start"))
    return "".join(lines)


def _dot(edge: float, said: int, right: int, most: int) -> str:
    x, y = _x(edge + 0.05), _y(right / said)
    radius = max(SMALLEST, LARGEST * (said / most) ** 0.5)
    # At the right edge the number stands on the other side.
    side, anchor = (-1, "end") if edge >= LAST else (1, "start")
    dot = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{DOT}"/>'
    return dot + _label(x + side * (radius + 3), y + 4, str(said), anchor)


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, more: str = "") -> str:
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{colour}"{more}/>'


def _label(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'


def _x(share: float) -> float:
    return EDGE + SIDE * share


def _y(share: float) -> float:
    return WIDE - EDGE - SIDE * share
