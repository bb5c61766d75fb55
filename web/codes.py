"""The receipt code as a picture: a QR code that opens the page for the code, filled in."""

import segno
from markupsafe import Markup
from starlette.requests import Request

from web.language import chosen


def code_picture(request: Request, code: str) -> Markup:
    """Give a QR code as inline SVG: the address of /receipt with `code` in its fragment.

    Browsers send no fragment to any server, so the code comes into no log on the way back. The
    language of the page goes along, so that the phone that reads it speaks the same.
    """
    language = chosen(request)
    asked = "" if language == "en" else f"?lang={language}"
    address = f"{request.app.state.settings.public_url.rstrip('/')}/receipt{asked}#{code}"
    picture = segno.make(address, micro=False, error="m")
    return Markup(  # noqa: S704 (drawn by segno from the digits above; nothing typed is in it)
        picture.svg_inline(omitsize=True, border=4, svgclass="sb-qr__picture", lineclass=None)
    )
