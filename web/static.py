"""Serve what scripts/build_assets.py built: named by content, so browsers keep it for a year.

Files are squeezed once at build time. Pages themselves are not squeezed: they hold form tokens
and words side by side, and the length of a squeezed page tells about both (the BREACH attack).
"""

from os import PathLike, stat_result
from pathlib import Path

from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

KEEP = "public, max-age=31536000, immutable"
_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class Built(StaticFiles):
    """Static files with long caching, squeezed where the browser takes it."""

    def file_response(
        self,
        full_path: str | PathLike[str],
        stat_result: stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """Answer with the file, or with its squeezed twin."""
        path, squeezed = Path(full_path), Path(f"{full_path}.gz")
        accepted = dict(scope["headers"]).get(b"accept-encoding", b"").decode("latin-1")
        if "gzip" not in accepted or not squeezed.is_file():
            response = super().file_response(full_path, stat_result, scope, status_code)
        else:
            response = FileResponse(squeezed, status_code, media_type=_KINDS[path.suffix])
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Cache-Control"] = KEEP
        response.headers["Vary"] = "Accept-Encoding"
        return response
