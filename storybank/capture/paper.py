"""The paper form: one A4 sheet with a programme's question, the consent questions, and a QR code.

What is on it follows the same order as the page on which a worker copies it.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import segno
from fpdf import FPDF
from fpdf.enums import Align
from fpdf.fonts import TTFFont

from storybank.consent import SHIPPED, Wording
from storybank.errors import FontMissing

FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("/Library/Fonts"))
FONTS = (
    ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"),
    ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"),
)
"""Fonts with more letters than the one in every PDF reader, upright and bold."""

MARGIN = 16.0
WIDTH = 210 - 2 * MARGIN
BOTTOM = 297 - 13.0
LINE = 8.6
"""Millimetres between two lines to write on: room for a large hand."""
FEWEST_LINES, CLOSE = 6, 7.0
"""As many lines at least, and so far apart; where that does not fit, consent is set smaller."""
SMALL, FEWEST_SMALL = 0.8, 3
GAP = 5.0
SIDE = 27.0
"""Millimetres of the QR code's side."""
INK, QUIET, RULE = 20, 70, 120
"""Greys from 0 to 255: words meet 7 to 1 on white, lines to write on 4 to 1."""
TICKS = 46.0
LONGEST_PROMPT, LONGEST_NAME = 320, 90

TITLE = "Tell your story on paper"
NO_NAMES = "Please do not write names, phone numbers or addresses. You can go on overleaf."
WHERE = "Where did it happen? (leave it empty if you would rather not say)"
WHEN = "When, roughly? (month and year)"
WHOSE = "Whose story is it?"
MINE, SOMEBODYS, A_CHILDS = "Mine", "Somebody's I know", "A child's I know"
MAY = "What may we do with your story? Tick yes or no for each. No tick counts as no."
ONLINE = "You can also tell it online:"
AFTER = (
    "Give this sheet to an outreach worker. They copy it, word for word, and give you a code. "
    "With the code you can see your story, change your answers or take it back."
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a paper form is for: the programme, its question, and the address to tell it online.

    `wording` is how it asks for consent; its version stands at the foot.
    """

    programme: str
    prompt: str
    address: str
    wording: Wording = SHIPPED


def paper_form(sheet: Sheet) -> bytes:
    """Give the form as a PDF of one page; raises FontMissing for letters that no font here has."""
    with _blank() as pdf:
        pdf.set_lang("en-GB")
        pdf.set_title(f"{TITLE}: {sheet.programme}")
        writer = _Writer(pdf, _font(pdf, sheet))
        writer.heading(sheet)
        left = BOTTOM - SIDE - 6 - pdf.get_y()
        scale = 1.0 if left - _height_below(sheet, 1.0) >= FEWEST_LINES * CLOSE else SMALL
        room = left - _height_below(sheet, scale)
        fewest = FEWEST_LINES if scale == 1.0 else FEWEST_SMALL
        count = max(fewest, int(room // LINE))
        writer.lines(count, min(LINE, room / count))
        writer.about()
        writer.consent(sheet.wording, scale)
        writer.foot(sheet)
        return bytes(pdf.output())


@contextlib.contextmanager
def _blank() -> Iterator[FPDF]:
    """Give an empty page, and close the files of its fonts in the end: fpdf leaves them open."""
    pdf = FPDF(format="A4")
    pdf.set_margin(MARGIN)
    pdf.c_margin = 0
    pdf.set_auto_page_break(auto=False)
    pdf.add_page()
    try:
        yield pdf
    finally:
        for font in pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()


def _height_below(sheet: Sheet, scale: float) -> float:
    """Measure, on a page that nobody sees, what comes between the lines and the foot."""
    with _blank() as pdf:
        writer = _Writer(pdf, _font(pdf, sheet))
        start = pdf.get_y()
        writer.about()
        writer.consent(sheet.wording, scale)
        return pdf.get_y() - start + GAP


def _font(pdf: FPDF, sheet: Sheet) -> str:
    """Choose a font that has all letters of the sheet: every reader's own where that will do."""
    asked = "".join(question.ask + question.hint for question in sheet.wording.questions)
    words = _plain(sheet.programme + sheet.prompt + sheet.address + asked)
    if all(ord(letter) < 256 for letter in words):
        return "Helvetica"
    for upright, bold in FONTS:
        found = [next(iter(_named(name)), None) for name in (upright, bold)]
        if found[0] is not None and found[1] is not None:
            pdf.add_font("wide", "", found[0])
            pdf.add_font("wide", "B", found[1])
            return "wide"
    raise FontMissing


def _named(name: str) -> list[Path]:
    return [path for folder in FONT_FOLDERS if folder.is_dir() for path in folder.rglob(name)]


def _plain(words: str) -> str:
    """Give words with the marks of typesetters made plain, as a reader's own font has them."""
    marks = {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-",
             "\u2014": "-", "\u2026": "..."}  # fmt: skip
    return "".join(marks.get(letter, letter) for letter in " ".join(words.split()))


class _Writer:
    """Writes the parts of the sheet from top to bottom."""

    def __init__(self, pdf: FPDF, family: str) -> None:
        self._pdf, self._family = pdf, family
        pdf.set_draw_color(RULE)

    def heading(self, sheet: Sheet) -> None:
        self._say(TITLE, 11, grey=QUIET)
        self._say(_cut(_plain(sheet.programme), LONGEST_NAME), 20, bold=True, high=8.5)
        self._gap(2)
        self._say(_cut(_plain(sheet.prompt), LONGEST_PROMPT), 14, bold=True, high=6.4)
        self._say(NO_NAMES, 11, grey=QUIET)

    def lines(self, count: int, apart: float) -> None:
        for _ in range(count):
            self._gap(apart)
            self._rule(MARGIN, MARGIN + WIDTH)
        self._gap(GAP)

    def about(self) -> None:
        self._say(WHERE, 11.5)
        self._gap(7)
        self._rule(MARGIN, MARGIN + WIDTH)
        self._gap(3)
        y = self._pdf.get_y()
        self._put(MARGIN, y, WHEN, 11.5)
        self._rule(self._pdf.get_x() + 3, MARGIN + WIDTH, y + 5)
        self._pdf.set_y(y + 8.5)
        y = self._pdf.get_y()
        self._put(MARGIN, y, WHOSE, 11.5)
        self._box(MARGIN + 48, y, MINE)
        self._box(MARGIN + 74, y, SOMEBODYS)
        self._box(MARGIN + 130, y, A_CHILDS)
        self._pdf.set_y(y + 10)

    def consent(self, wording: Wording, scale: float) -> None:
        self._say(MAY, 12.5, bold=True)
        self._gap(2)
        for question in wording.questions:
            y = self._pdf.get_y()
            self._box(MARGIN + WIDTH - 38, y + 0.8, "Yes")
            self._box(MARGIN + WIDTH - 17, y + 0.8, "No")
            ask, hint, wide = _plain(question.ask), _plain(question.hint), WIDTH - TICKS
            self._say(ask, 11.5 * scale, wide=wide, high=5.2 * scale)
            if hint:
                self._say(hint, 10 * scale, grey=QUIET, wide=wide, high=4.4 * scale)
            self._pdf.set_y(max(self._pdf.get_y(), y + 6) + 2.2 * scale)

    def foot(self, sheet: Sheet) -> None:
        wide = WIDTH - SIDE - 10
        y = BOTTOM - SIDE
        self._squares(sheet.address, MARGIN + WIDTH - SIDE, y, SIDE)
        self._pdf.set_y(y - 1.5)
        self._say(AFTER, 10.5, wide=wide, high=5)
        self._gap(1.5)
        self._say(ONLINE, 10.5, bold=True, wide=wide, high=5)
        self._say(sheet.address.partition("://")[2], 10.5, wide=wide, high=5)
        self._put(
            MARGIN,
            297 - 10,
            f"Storybank paper form, wording {sheet.wording.version}",
            9,
            grey=QUIET,
        )

    def _say(
        self, words: str, size: float, *, bold: bool = False, grey: int = INK,
        wide: float = WIDTH, high: float = 5.2,
    ) -> None:  # fmt: skip
        self._pen(size, bold=bold, grey=grey)
        self._pdf.set_x(MARGIN)
        self._pdf.multi_cell(wide, high, words, align=Align.L, new_x="LMARGIN", new_y="NEXT")

    def _put(self, x: float, y: float, words: str, size: float, *, grey: int = INK) -> None:
        self._pen(size, grey=grey)
        self._pdf.set_xy(x, y)
        self._pdf.cell(text=words, h=5)

    def _pen(self, size: float, *, bold: bool = False, grey: int = INK) -> None:
        self._pdf.set_font(self._family, "B" if bold else "", size)
        self._pdf.set_text_color(grey)

    def _box(self, x: float, y: float, words: str) -> None:
        self._pdf.set_draw_color(INK)
        self._pdf.set_line_width(0.4)
        self._pdf.rect(x, y, 5, 5)
        self._pdf.set_line_width(0.2)
        self._pdf.set_draw_color(RULE)
        self._put(x + 7, y, words, 11.5)

    def _rule(self, start: float, end: float, y: float | None = None) -> None:
        y = self._pdf.get_y() if y is None else y
        self._pdf.line(start, y, end, y)

    def _gap(self, high: float) -> None:
        self._pdf.set_y(self._pdf.get_y() + high)

    def _squares(self, words: str, x: float, y: float, side: float) -> None:
        rows = [bytes(row) for row in segno.make(words, error="m", micro=False).matrix]
        one = side / len(rows)
        self._pdf.set_fill_color(0)
        for down, row in enumerate(rows):
            for right, dark in enumerate(row):
                if dark:
                    self._pdf.rect(x + right * one, y + down * one, one, one, style="F")


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 3].rstrip()}..."
