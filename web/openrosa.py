"""The dialect of survey apps: OpenRosa's envelope and headers, and how a filled-in form is read."""

from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import Response

from storybank.errors import BadSubmission
from web.forms import InMemory

XML_PART = "xml_submission_file"
MOST_FILES = 110
"""Collect sends at most 100 recordings in one request, and the form beside them."""
MOST_FIELDS = 20
MOST_FIELD_BYTES = 4 * 1024 * 1024

HEADERS = {"X-OpenRosa-Version": "1.0"}
_ENVELOPE = (
    '<OpenRosaResponse xmlns="http://openrosa.org/http/response">'
    '<message nature="{}">{}</message></OpenRosaResponse>'
)


@dataclass(frozen=True, slots=True)
class Posted:
    """What an app posted: the form's XML and the files beside it, by name.

    `incomplete` says that more of the same form is to come.
    """

    xml: bytes = field(repr=False)
    files: dict[str, bytes] = field(default_factory=dict, repr=False)
    incomplete: bool = False


def answer(message: str, status: int, *, nature: str = "submit_success") -> Response:
    """Give the envelope in which apps look for the sentence that they show."""
    body = '<?xml version="1.0" encoding="UTF-8"?>' + _ENVELOPE.format(nature, escape(message))
    return xml(body, status)


def refusal(message: str, status: int) -> Response:
    """Give the envelope for an error; 401 says how to get in, as HTTP asks."""
    response = answer(message, status, nature="error")
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="Ask for a new address"'
    return response


def xml(body: str | bytes, status: int = 200) -> Response:
    """Give XML as Collect wants it: with this very content type."""
    kind = "text/xml; charset=utf-8"
    return Response(body, status, headers={"Content-Type": kind, **HEADERS})


async def read_posted(request: Request) -> Posted:
    """Read a form and its files, in memory only, as they stream in.

    Raises BadSubmission where the body is no such thing, and TooLarge past the limit.
    """
    if "x-openrosa-version" not in request.headers:
        raise BadSubmission("no X-OpenRosa-Version")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "multipart/form-data":
        raise BadSubmission("not multipart")
    parser = InMemory(
        request.headers, request.stream(),
        max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=MOST_FIELD_BYTES,
    )  # fmt: skip
    try:
        data = await parser.parse()
    except MultiPartException:
        raise BadSubmission("multipart") from None
    forms: list[bytes] = []
    files: dict[str, bytes] = {}
    for name, value in data.multi_items():
        content = value.file.read() if isinstance(value, UploadFile) else value.encode()
        if name == XML_PART:
            forms.append(content)
        elif isinstance(value, UploadFile):
            # Collect and Enketo name a part as its file; another app may name only one of them so.
            for known_as in filter(None, (value.filename, name)):
                files.setdefault(known_as, content)
        if isinstance(value, UploadFile):
            value.file.close()
    if len(forms) != 1:
        raise BadSubmission(f"{len(forms)} forms in one request")
    return Posted(forms[0], files, incomplete=data.get("*isIncomplete*") == "yes")
