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

from storybank.errors.kinds import (
    BadInput,
    Busy,
    Conflict,
    NotAllowed,
    NotFound,
    SetupProblem,
    StorybankError,
)
from storybank.errors.sent import (
    BadImport,
    BadSelection,
    BadSubmission,
    BrokenRecording,
    ConsentRefused,
    ConsentWithdrawn,
    Crowded,
    DraftGone,
    EmptyRecording,
    EmptyStory,
    InviteExpired,
    NotARecording,
    NothingHeard,
    NothingWritten,
    PhoneKeyEnded,
    RecordingTooLarge,
    RecordingTooLong,
    SealBroken,
    SignedOut,
    SignInFailed,
    StoryTooLong,
    TooManyTries,
    UnknownCode,
    UnknownForm,
    UploadDamaged,
    UploadMoved,
    WeakPassword,
)
from storybank.errors.setup import (
    AddressTaken,
    BackupProblem,
    BadFramework,
    BadSetting,
    DatabaseUnreachable,
    DimensionMismatch,
    DiskFull,
    FontMissing,
    HeadDamaged,
    HeadMissing,
    KeysMissing,
    ModelDamaged,
    ModelMissing,
    Unsealable,
)

__all__ = [
    "AddressTaken",
    "BackupProblem",
    "BadFramework",
    "BadImport",
    "BadInput",
    "BadSelection",
    "BadSetting",
    "BadSubmission",
    "BrokenRecording",
    "Busy",
    "Conflict",
    "ConsentRefused",
    "ConsentWithdrawn",
    "Crowded",
    "DatabaseUnreachable",
    "DimensionMismatch",
    "DiskFull",
    "DraftGone",
    "EmptyRecording",
    "EmptyStory",
    "FontMissing",
    "HeadDamaged",
    "HeadMissing",
    "InviteExpired",
    "KeysMissing",
    "ModelDamaged",
    "ModelMissing",
    "NotARecording",
    "NotAllowed",
    "NotFound",
    "NothingHeard",
    "NothingWritten",
    "PhoneKeyEnded",
    "RecordingTooLarge",
    "RecordingTooLong",
    "SealBroken",
    "SetupProblem",
    "SignInFailed",
    "SignedOut",
    "StoryTooLong",
    "StorybankError",
    "TooManyTries",
    "UnknownCode",
    "UnknownForm",
    "Unsealable",
    "UploadDamaged",
    "UploadMoved",
    "WeakPassword",
]
