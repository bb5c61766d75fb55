"""The receipt code as a picture: a QR code that opens the page for the code, filled in."""

import segno
from markupsafe import Markup
from starlette.requests import Request

from web.language import chosen


def code_page(request: Request) -> str:
    """Give the address at which a code is typed in, to be read aloud or written down."""
    return f"{request.app.state.settings.public_url.rstrip('/')}/receipt"


def code_squares(request: Request, code: str) -> list[str]:
    """Give the same QR code row by row, `1` for a dark square, for a script that draws it."""
    picture = segno.make(_address(request, code), micro=False, error="m")
    return ["".join("1" if dark else "0" for dark in row) for row in picture.matrix]


def code_picture(request: Request, code: str) -> Markup:
    """Give a QR code as inline SVG: the address of /receipt with `code` in its fragment.

    Browsers send no fragment to any server, so the code comes into no log on the way back. The
    language of the page goes along, so that the phone that reads it speaks the same.
    """
    picture = segno.make(_address(request, code), micro=False, error="m")
    return Markup(  # noqa: S704 (drawn by segno from the digits above; nothing typed is in it)
        picture.svg_inline(omitsize=True, border=4, svgclass="sb-qr__picture", lineclass=None)
    )


def _address(request: Request, code: str) -> str:
    language = chosen(request)
    asked = "" if language == "en" else f"?lang={language}"
    return f"{code_page(request)}{asked}#{code}"
