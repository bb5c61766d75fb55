"""The six kinds of errors; every other error of ours is one of these."""


class StorybankError(Exception):
    """Something went wrong that we foresaw; `message` says what happened and what to do."""

    message = "Something went wrong on our side. Please try again in a few minutes."

    def __init__(self, detail: str = "", *, message: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        if message is not None:
            self.message = message


class BadInput(StorybankError):
    """What was sent cannot be used."""

    message = "We could not use what was sent. Please check it and send it again."


class NotFound(StorybankError):
    """There is no such page, story or file, or not for this person."""

    message = "There is nothing here, or it is not yours to open. Check the address or the code."


class NotAllowed(StorybankError):
    """A person's role does not reach so far."""

    message = "Your account may not do this. Ask the person who runs Storybank for you."


class Conflict(StorybankError):
    """What was sent clashes with what is already stored."""

    message = "Somebody changed this meanwhile. Go back, load the page again, and look."


class SetupProblem(StorybankError):
    """The operator has to mend something before Storybank can go on."""

    message = "Storybank is not set up completely. Run `storybank doctor` to see what is missing."


class Busy(StorybankError):
    """Too much was asked at once."""

    message = "Too many tries in a short time. Please wait a few minutes and try again."
