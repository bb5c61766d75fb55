"""The outreach worker's recorder: its shell, its service worker, and what makes it installable."""

from importlib import resources
from pathlib import Path

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response

from web.security import content_policy

router = APIRouter()

POLICY = (
    content_policy("")
    .replace(" 'nonce-'", "")
    .replace("trusted-types htmx", "trusted-types storybank-worker")
)
"""The policy of every page, without inline scripts and htmx. It stands in the shell that phones
keep, so it is the same for everybody; `storybank-worker` may name the service worker's address."""


@router.get("/collect", name="collect_start")
def collect_start() -> Response:
    """Send those who leave the last stroke out to the recorder."""
    return RedirectResponse("/collect/", status_code=303)


@router.get("/collect/", name="collect")
def collect(request: Request) -> Response:
    """Show the recorder's shell: the same bytes for everybody, with nobody's name in them."""
    body = request.app.state.templates.get_template("collect/shell.html").render()
    return HTMLResponse(body, headers={"Content-Security-Policy": POLICY})


@router.get("/collect/sw.js", name="collect_worker")
def collect_worker(request: Request) -> Response:
    """Give the service worker; browsers ask for it anew at each visit.

    It stands for /collect too, as people type it, which lies above its own address.
    """
    built = Path(str(resources.files("web"))) / "static" / "built"
    name = _asset(request, "collect-worker.js").rpartition("/")[2]
    above = {"Service-Worker-Allowed": "/collect"}
    return FileResponse(built / name, media_type="text/javascript", headers=above)


@router.get("/collect/manifest.webmanifest", name="collect_manifest")
def collect_manifest(request: Request) -> Response:
    """Say how the recorder looks on a phone's home screen."""
    sizes = {"collect-192.png": "192x192", "collect-512.png": "512x512"}
    icons = [
        {"src": _asset(request, name), "sizes": size, "type": "image/png"}
        for name, size in sizes.items()
    ]
    icons.append(
        {
            "src": _asset(request, "collect-round.png"), "sizes": "512x512",
            "type": "image/png", "purpose": "maskable",
        }
    )  # fmt: skip
    values = {
        "id": "/collect/", "name": "Storybank recorder", "short_name": "Storybank",
        "description": "Record the stories that people tell you, with or without a connection.",
        "lang": "en-GB", "start_url": "/collect/", "scope": "/collect/", "display": "standalone",
        "background_color": "#fffdf9", "theme_color": "#17524f", "icons": icons,
    }  # fmt: skip
    return JSONResponse(values, media_type="application/manifest+json")


def _asset(request: Request, name: str) -> str:
    address: str = request.app.state.templates.globals["asset"](name)
    return address
