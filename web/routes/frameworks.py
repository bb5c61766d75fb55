"""How stories are read, for everybody: each framework with its codes, and what the machine does."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from storybank.errors import NotFound
from storybank.versions.shelf import all_names, history, names_of, version_of
from web.deps import ActorDep, HeldDep, ReaderDep
from web.render import page

router = APIRouter()


@router.get("/how-stories-are-read", name="how_read")
def overview(request: Request, session: ReaderDep, held: HeldDep, actor: ActorDep) -> Response:
    """Say how stories are read, and by what; lists the newest version of each framework."""
    newest: dict[str, str] = {}
    for name in all_names(session):
        newest.setdefault(version_of(name)[0], name)
    frameworks = [held.framework(name) for name in newest.values()]
    now = held.framework()
    return page(request, "frameworks/overview.html", frameworks=frameworks, now=now)


@router.get("/how-stories-are-read/{name}", name="framework")
def framework(
    request: Request, session: ReaderDep, held: HeldDep, actor: ActorDep, name: str
) -> Response:
    """Show one version of a framework: vision, areas of work, and every code."""
    names = names_of(session, version_of(name)[0]) if name in all_names(session) else []
    if not names:
        raise NotFound(f"framework of {len(name)} characters")
    made = next((row for row in history(session, version_of(name)[0]) if row.name == name), None)
    return page(
        request,
        "frameworks/framework.html",
        framework=held.framework(name),
        now=held.framework(),
        names=names,
        made=made,
    )
