"""The worker: takes jobs from the queue, runs the steps, and takes up what dead workers left."""

import asyncio
import contextlib
import logging
import signal
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import procrastinate
import sqlalchemy as sa
from procrastinate import JobContext
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from sqlmodel import col, delete

from storybank import jobs, listening, memory, pipeline, rereading
from storybank.capture import scrubbing, side_steps, stranded, withdrawal
from storybank.capture.drafts import delete_blobs, drop_old_drafts
from storybank.capture.import_files import drop_old_imports
from storybank.capture.uploads import drop_expired
from storybank.capture.waiting import drop_unfinished
from storybank.db import reading, transaction
from storybank.errors import BadInput, ConsentWithdrawn, StorybankError
from storybank.pipeline import Workshop
from storybank.tables import Attempt, NetworkSound, SignIn, now

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
FIRST_WAIT_S = 2
STALLED_AFTER_S = 20.0
HEARTBEAT_S = 5.0
TRIES_KEPT = timedelta(days=1)

Step = Callable[[Workshop, uuid.UUID], None]


def forget(shop: Workshop, story_id: uuid.UUID) -> None:
    """Erase a withdrawn story; a job that follows takes its words out of the database's files."""
    if withdrawal.erase(shop.engine, shop.keyring, shop.blobs, story_id):
        log.info("story erased", extra={"story": str(story_id)})


def scrub(shop: Workshop) -> None:
    """Take the words of erased stories out of the database's files, or now only of its pages."""
    if not (scrubbing.due(shop.engine, now()) and scrubbing.rewrite(shop.engine)):
        scrubbing.sweep(shop.engine)


STEPS: dict[str, Step] = {
    jobs.TRANSCRIBE: listening.transcribe,
    jobs.VOICES: listening.tell_voices,
    jobs.TRANSLATE: listening.translate,
    jobs.UNDERSTAND: pipeline.understand,
    jobs.COPY: pipeline.copy,
    jobs.WITHDRAW: forget,
    jobs.REREAD: rereading.reread,
}


class BackOff(BaseRetryStrategy):
    """Try again after 2, 4, 8 ... seconds, at most five times; not where the story is the cause.

    A step beside the words waits under a lock of its own: all else of its story goes on.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Give the wait before the next try, or None where there is none."""
        if isinstance(exception, BadInput | ConsentWithdrawn) or job.attempts >= MOST_ATTEMPTS:
            return None
        wait = FIRST_WAIT_S ** (job.attempts + 1)
        return RetryDecision(retry_in={"seconds": wait}, **_aside(job))


def make_app(shop: Workshop) -> procrastinate.App:
    """Make the queue's app with all tasks, on the workshop's own database."""
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=_conninfo(shop)))
    for name in STEPS:
        app.task(name=name, retry=BackOff(), pass_context=True)(_task(shop, name))

    @app.task(name=jobs.REREAD_ALL, retry=BackOff())
    def reread_all() -> None:
        rereading.enqueue_all(shop)

    @app.task(name=jobs.SCRUB, retry=BackOff())
    def scrub_files() -> None:
        scrub(shop)

    @app.periodic(cron="*/10 * * * *")
    @app.task(name="storybank.tidy", queue=jobs.UPKEEP, queueing_lock="tidy")
    def tidy_up(timestamp: int) -> None:
        tidy(shop)

    @app.periodic(cron="*/10 * * * *")
    @app.task(name="storybank.forget_wholly", queue=jobs.WITHDRAWALS, queueing_lock="forget")
    def forget_all(timestamp: int) -> None:
        forget_wholly(shop)

    return app


def run(shop: Workshop, *, until_idle: bool = False) -> None:
    """Work until SIGINT or SIGTERM; with `until_idle`, until nothing is left to do."""
    asyncio.run(_run(shop, until_idle=until_idle))


async def _run(shop: Workshop, *, until_idle: bool) -> None:
    app = make_app(shop)
    async with app.open_async():
        workers = [
            asyncio.create_task(_work(app, [jobs.READING, jobs.UPKEEP], until_idle=until_idle)),
            asyncio.create_task(_work(app, [jobs.SPEECH], until_idle=until_idle)),
            # Of their own: neither an hour's recording nor large tables keep a promise waiting.
            asyncio.create_task(_work(app, [jobs.WITHDRAWALS], until_idle=until_idle)),
            asyncio.create_task(_work(app, [jobs.FILES], until_idle=until_idle)),
        ]
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, lambda: [w.cancel() for w in workers])
        rescuer = asyncio.create_task(_rescue_for_ever(app, shop))
        log.info("worker started")
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*workers)
        await asyncio.wait(workers)  # each has a moment to say how its last job ended
        if until_idle:  # speech adds reading jobs, reading adds copies, erasing adds scrubbing
            await _work(app, [*{*jobs.QUEUE_OF.values(), jobs.FILES}], until_idle=True)
        rescuer.cancel()
        log.info("worker stopped")


async def _work(app: procrastinate.App, queues: list[str], *, until_idle: bool) -> None:
    await app.run_worker_async(
        queues=queues,
        name=f"storybank-{'-'.join(queues)}",
        concurrency=1,
        wait=not until_idle,
        install_signal_handlers=False,
        update_heartbeat_interval=HEARTBEAT_S,
        stalled_worker_timeout=STALLED_AFTER_S,
        shutdown_graceful_timeout=5,
        delete_jobs="successful",
    )


def _task(shop: Workshop, name: str) -> Callable[..., None]:
    def task(context: JobContext, story_id: str) -> None:
        attempts = context.job.attempts if context.job else 0
        run_step(shop, name, uuid.UUID(story_id), attempts=attempts)

    return task


def run_step(shop: Workshop, name: str, story_id: uuid.UUID, *, attempts: int) -> None:
    """Run one step for one story; where it fails for good, say so on the story.

    Raises what the step raised, so that the queue can plan the next try.
    """
    try:
        STEPS[name](shop, story_id)
    except (ConsentWithdrawn, sa.exc.NoResultFound):
        log.info("story gone", extra={"story": str(story_id), "step": name})
    except Exception as error:
        final = isinstance(error, BadInput) or attempts >= MOST_ATTEMPTS
        log.warning(
            "step failed",
            extra={"story": str(story_id), "step": name, "error": type(error).__name__,
                   "attempts": attempts, "final": final},
        )  # fmt: skip
        if not final:
            raise
        known = isinstance(error, StorybankError)
        give_up(shop, name, story_id, type(error).__name__ if known else "StorybankError")
    finally:
        memory.give_back()


def give_up(shop: Workshop, name: str, story_id: uuid.UUID, problem: str) -> None:
    """Say on a story that a step failed for good: it needs help, or something is missing beside."""
    step = side_steps.STEPS.get(name)
    if step is None:
        pipeline.give_up(shop.engine, story_id, name, problem)
    else:
        listening.give_up(shop, story_id, step, problem)


def _aside(job: Job) -> dict[str, Any]:
    """Give the lock and priority under which a step beside the words is tried again."""
    if job.task_name not in side_steps.STEPS:
        return {}
    lock = jobs.lock_aside(job.task_name, str(job.task_kwargs["story_id"]))
    return {"lock": lock, "priority": jobs.ORDINARY}


async def _rescue_for_ever(app: procrastinate.App, shop: Workshop) -> None:
    """Put jobs of dead workers back into the queue, at start and every few seconds after."""
    while True:
        with contextlib.suppress(ConnectorException):
            await rescue(app, shop)
        await asyncio.sleep(HEARTBEAT_S)


async def rescue(app: procrastinate.App, shop: Workshop) -> int:
    """Give back the jobs whose worker has not been heard of; gives how many.

    A job that has killed its worker MOST_ATTEMPTS times is given up, and its story says so.
    """
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_S)
    count = 0
    for job in stalled:
        try:
            await _take_up(app, shop, job)
            count += 1
        except (sa.exc.SQLAlchemyError, StorybankError, ConnectorException) as error:
            # It stays as it is, and is looked at again in a moment; the others do not wait for it.
            extra = {"job": job.id, "error": type(error).__name__}
            log.warning("job not taken up", extra=extra)
    if count:
        log.info("jobs taken up again", extra={"count": count})
    return count


async def _take_up(app: procrastinate.App, shop: Workshop, job: Job) -> None:
    """Give one job back, or give it up: first on its story, since nobody looks at ended jobs."""
    if job.attempts < MOST_ATTEMPTS or "story_id" not in job.task_kwargs:
        await app.job_manager.retry_job(job, **_aside(job))
        return
    story_id = uuid.UUID(str(job.task_kwargs["story_id"]))
    await asyncio.to_thread(give_up, shop, job.task_name, story_id, "StorybankError")
    await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)


def take_up_stranded(shop: Workshop) -> None:
    """Give up what was tried to its end unheard, and begin again what has no job any more."""
    with reading(shop.engine) as session:
        left = stranded.stranded(session)
    for one in left:
        try:
            if one.tried:
                give_up(shop, one.task, one.story_id, "StorybankError")
            else:
                with transaction(shop.engine) as session:
                    stranded.begin_again(session, one)
        except (sa.exc.SQLAlchemyError, StorybankError) as error:
            # The next time, then; neither other stories nor what else is tidied wait for it.
            extra = {"story": str(one.story_id), "error": type(error).__name__}
            log.warning("stranded work not taken up", extra=extra)
    if left:
        log.warning("stranded work taken up", extra={"count": len(left)})


def tidy(shop: Workshop) -> None:
    """Delete what has run out, as drafts and sign-ins; take up work that no job stands for."""
    take_up_stranded(shop)
    with transaction(shop.engine) as session:
        recordings = drop_old_drafts(session)
        drop_expired(session)
        drop_unfinished(session)
        drop_old_imports(session)
        session.exec(delete(SignIn).where(col(SignIn.expires_at) < now()))
        session.exec(delete(Attempt).where(col(Attempt.at) < now() - TRIES_KEPT))
        session.exec(delete(NetworkSound).where(col(NetworkSound.since) < now() - TRIES_KEPT))
    delete_blobs(shop.blobs, recordings)


def forget_wholly(shop: Workshop) -> None:
    """Erase what a killed worker left over, and have the files rewritten when it is time."""
    with reading(shop.engine) as session:
        left = withdrawal.unfinished(session)
    for story_id in left:
        forget(shop, story_id)
    if scrubbing.due(shop.engine, now()):
        with transaction(shop.engine) as session:
            jobs.enqueue_scrubbing(session)


def _conninfo(shop: Workshop) -> str:
    url = shop.engine.url.set(drivername="postgresql")
    return url.render_as_string(hide_password=False)
