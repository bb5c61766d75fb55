"""The tables. Told: stories, consents, recordings, codings. Derived: all that names a producer.

A story's own words are sealed (`sealed.py`) under a key of its own; only masked words are in
clear. Whatever is derived hangs on the story by foreign key and goes when it goes.
"""

from storybank.tables.columns import now
from storybank.tables.masking import KnownPlaceRow, MaskDecision, MaskReview
from storybank.tables.people import Attempt, AuditEntry, Invite, Person, SignIn
from storybank.tables.readings import (
    DIMENSIONS,
    Coding,
    Disagreement,
    Note,
    PassageRow,
    Redaction,
    SuggestionRow,
    Tag,
    TellerAnswer,
    TranscriptRow,
)
from storybank.tables.sending import (
    CollectKey,
    ImportFile,
    NetworkSound,
    Upload,
    UploadPiece,
    Waiting,
)
from storybank.tables.stories import Consent, Draft, Place, Programme, Recording, Story
from storybank.tables.strengths import StrengthRow
from storybank.tables.trust import Checked, Doubt, LocalWord, SideStep, SoFar
from storybank.tables.versions import FrameworkDraft, FrameworkVersion, Moved, ReadBy
from storybank.tables.wordings import ConsentWording

__all__ = [
    "DIMENSIONS",
    "Attempt",
    "AuditEntry",
    "Checked",
    "Coding",
    "CollectKey",
    "Consent",
    "ConsentWording",
    "Disagreement",
    "Doubt",
    "Draft",
    "FrameworkDraft",
    "FrameworkVersion",
    "ImportFile",
    "Invite",
    "KnownPlaceRow",
    "LocalWord",
    "MaskDecision",
    "MaskReview",
    "Moved",
    "NetworkSound",
    "Note",
    "PassageRow",
    "Person",
    "Place",
    "Programme",
    "ReadBy",
    "Recording",
    "Redaction",
    "SideStep",
    "SignIn",
    "SoFar",
    "Story",
    "StrengthRow",
    "SuggestionRow",
    "Tag",
    "TellerAnswer",
    "TranscriptRow",
    "Upload",
    "UploadPiece",
    "Waiting",
    "now",
]
