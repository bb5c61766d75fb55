"""What senders, tellers and staff meet: they can mend it, or it is not theirs."""

from storybank.errors.kinds import BadInput, Busy, Conflict, NotAllowed, NotFound


class SentBefore(Conflict):
    """The same story was sent before, and now comes with something else in it."""

    message = "This was already sent with other contents. Start a new story to send this one."


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


class NotToTranslate(Conflict):
    """A story is read as it stands: nobody has to put it into English."""

    message = "This story does not wait for English words any more. Load the page again, and look."


class Unchecked(BadInput):
    """Somebody would vouch for a code on words that may have been misheard."""

    message = (
        "Nobody has checked these words yet, and they may have been misheard. Listen to them, and "
        "say that they are right, before you put a code on them."
    )


class BadSelection(BadInput):
    """The selected words do not stand in the text."""

    message = "Those words could not be found in the story. Select them again."


class UnknownCode(BadInput):
    """The framework has no such code."""

    message = "This code is not in the framework. Choose one from the list."


class BadVersion(BadInput):
    """A draft of a framework version breaks a rule."""

    message = "This cannot be done in the draft. Look it over again."


class BadImport(BadInput):
    """A row of an imported file cannot be read."""

    message = "A row of the file cannot be read. Mend it and import the file again."


class BadSubmission(BadInput):
    """A survey app sent something that is no filled-in form of ours."""

    message = "This is not a story form that we can read. Fetch the form again and send it anew."


class BadSavedStory(BadInput):
    """A file is no story saved from the recorder, was cut off, or was changed since."""

    message = (
        "This is not a whole story saved from a phone. Save it to the phone again, and send that."
    )


class YesNotHeard(BadInput):
    """The recording of a spoken yes is missing, has no sound, or is too long to be one."""

    message = (
        "The recording of their yes is missing or cannot be played. The story can be sent with the "
        "answers that you ticked, if that is what they said."
    )


class UnknownWording(BadInput):
    """Consent is said to have been given in words that this programme never asked."""

    message = (
        "We do not know the wording in which consent was asked. Copy it as it is printed on the "
        "form, or fetch the form again and ask anew."
    )


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


class FrameworkDraftGone(Conflict):
    """A form came for a draft of a framework version that was published or thrown away."""

    message = "There is no draft. Begin one on the page of the versions."


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


class OthersStory(NotAllowed):
    """Somebody sends a story that another worker recorded, or that no worker of ours did."""

    message = "Another worker recorded this story. Ask them to sign in and to send it themselves."


class ConsentRefused(NotAllowed):
    """The teller did not agree to this use."""

    message = "The person who told this story did not agree to this use of it."


class Crowded(Busy):
    """More recordings come in at once than can be held."""

    message = (
        "Many people are sending recordings just now, so there is no room for yours yet. "
        "Yours is not lost: wait a minute, then send it again."
    )


class NetworkFull(Busy):
    """Strangers on one network have sent as much sound in an hour as is taken from one."""

    message = (
        "A lot of sound has come from your network in the last hour. What was sent is kept. "
        "Wait a while, or use another connection, then send the rest."
    )


class TooManyTries(Busy):
    """Sign-in or receipt codes were tried too often."""


class DraftGone(NotFound):
    """There is no unsent story for this browser: never begun, sent, or older than it is kept."""

    message = (
        "Your answers are no longer here. Unsent answers are kept for 7 days on your own phone or "
        "computer, and for 4 hours on any other. Start again."
    )


class AnotherStoryOpen(Conflict):
    """A page of the form was sent that was shown for another story than the one that is open."""

    message = (
        "You began another story after this page was opened, so this was not done. "
        "Open the start page to go on with the story that is open now."
    )


class PageOutdated(Conflict):
    """A page of the form was sent that an earlier version of Storybank had made."""

    message = (
        "This page was open while Storybank was brought up to date, so this was not done. "
        "Open the start page to go on with your story."
    )


class RecordingKept(Conflict):
    """A recording would take the place of one that its page did not show."""

    message = (
        "You have a recording from another page already. It is kept. "
        "Load this page again to hear it, and choose which of the two to send."
    )
