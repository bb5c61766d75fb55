"""How stories are read, for everybody: each framework with its codes, and what the machine does."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from storybank.errors import NotFound
from storybank.framework import models_folder
from web.deps import ActorDep, HeldDep
from web.render import page

router = APIRouter()


@router.get("/how-stories-are-read", name="how_read")
def overview(request: Request, held: HeldDep, actor: ActorDep) -> Response:
    """Say how stories are read, and by what; lists the frameworks."""
    frameworks = [held.framework(name) for name in shipped()]
    now = held.framework()
    return page(request, "frameworks/overview.html", frameworks=frameworks, now=now)


@router.get("/how-stories-are-read/{name}", name="framework")
def framework(request: Request, held: HeldDep, actor: ActorDep, name: str) -> Response:
    """Show one version of a framework: vision, areas of work, and every code."""
    if name not in shipped():
        raise NotFound(f"framework of {len(name)} characters")
    return page(
        request, "frameworks/framework.html", framework=held.framework(name), now=held.framework()
    )


def shipped() -> list[str]:
    """Give the name of every framework version that ships, e.g. `thriving-communities@1`."""
    files = sorted((models_folder() / "frameworks").glob("*/*.toml"))
    return sorted((f"{f.parent.name}@{f.stem}" for f in files), reverse=True)
