"""A step that fails is tried again after waits that grow, and not for ever."""

import pytest
from procrastinate.jobs import Job

from storybank import jobs, worker
from storybank.errors import BadInput, ConsentWithdrawn, StorybankError


def wait_after(attempts: int, exception: BaseException, task: str = jobs.UNDERSTAND):
    job = Job(
        id=1, queue=jobs.READING, lock="told", queueing_lock=None, task_name=task,
        task_kwargs={"story_id": "1"}, attempts=attempts,
    )  # fmt: skip
    return worker.BackOff().get_retry_decision(exception=exception, job=job)


@pytest.mark.parametrize("task", [jobs.UNDERSTAND, jobs.TRANSCRIBE, jobs.VOICES])
def test_waits_double_and_end(monkeypatch, task):
    asked = []
    monkeypatch.setattr(worker, "RetryDecision", lambda **how: asked.append(how) or how)

    given = [wait_after(attempts, StorybankError(), task) for attempts in range(7)]

    assert [how["retry_in"]["seconds"] for how in asked] == [2, 4, 8, 16, 32]
    assert given == [*asked, None, None]


@pytest.mark.parametrize("cause", [BadInput(), ConsentWithdrawn()])
def test_what_the_story_itself_causes_is_not_tried_again(cause):
    assert [wait_after(attempts, cause) for attempts in range(6)] == [None] * 6
