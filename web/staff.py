"""Which role a handler asks for: each alias lets in some, and sends all others away."""

from typing import Annotated, Any

from fastapi import Depends

from storybank.access import Actor
from storybank.values import Role
from web.auth import SignInNeeded
from web.deps import ActorDep


def only(*roles: Role) -> Any:
    """Make a dependency that gives the signed-in person with one of `roles`.

    Nobody is asked to sign in (SignInNeeded); another role is refused (NotAllowed).
    """

    async def check(actor: ActorDep) -> Actor:
        if actor.role is None:
            raise SignInNeeded
        actor.require(*roles)
        return actor

    return Depends(check)


StaffDep = Annotated[Actor, only(*Role)]
WorkerDep = Annotated[Actor, only(Role.WORKER)]
EvaluatorDep = Annotated[Actor, only(Role.EVALUATOR)]
ReadingDep = Annotated[Actor, only(Role.EVALUATOR, Role.GOVERNANCE)]


async def _changer(actor: Annotated[Actor, only(Role.EVALUATOR)]) -> Actor:
    """Give the evaluator who may write versions of the framework; raises NotAllowed."""
    actor.require_frameworks()
    return actor


ChangerDep = Annotated[Actor, Depends(_changer)]
MaskerDep = Annotated[Actor, only(Role.GOVERNANCE, Role.ADMIN)]
AdminDep = Annotated[Actor, only(Role.ADMIN)]
