"""What the pages say where something beside the words of a story is missing.

Staff read why, and what it means for what they do; tellers, what it means for their words.
"""

from dataclasses import dataclass

from sqlmodel import Session

from storybank import errors
from storybank.capture.side_steps import (
    BY_HAND,
    READING,
    TRANSLATION,
    VOICES,
    left,
    read_all_the_same,
)
from storybank.tables import SideStep, Story
from storybank.understand.languages import UNDETERMINED, name_of
from storybank.values import Mode, StoryState

TO_COME = {
    VOICES: "A computer still has to find out how many people speak. It goes on by itself.",
    TRANSLATION: "The English translation is still to come, and with it the codes and the sound "
    "for staff. Before that the words are withheld: names in them cannot be found and masked. "
    "It goes on by itself.",
    READING: "The newest words are still to be read. What stands here was read before. "
    "It goes on by itself.",
}
GIVEN_UP = {
    VOICES: "A computer could not tell who speaks. The words are shown, but not searched, read, "
    "counted or quoted, until it can, or the worker who sent them or the teller says who speaks.",
    TRANSLATION: "The machine could not translate the recording. Without English no codes are "
    "read, and the sound is not played to staff.",
    READING: "The newest words could not be read. What stands here was read before: voices, "
    "English, masks or corrections that came since are not in it.",
}
NOT_IN_ENGLISH = (
    "%s in %s; not read by the machine, because it reads English. The words are withheld: "
    "names in them cannot be found and masked. Governance, an admin or the worker who sent it can "
    "put it into English; then it is read."
)
READ_ALL_THE_SAME = (
    "A computer could not tell who speaks. The teller recorded it without a worker, so all of it "
    "is read as theirs; somebody else may be heard in it."
)


@dataclass(frozen=True, slots=True)
class Missing:
    """What a teller has to know: all is read as theirs; no English is there; nothing is read.

    `stuck` says that it is not read before somebody does something, `by_hand` that a person has to
    put the words into English.
    """

    read_all_the_same: bool
    no_english: bool
    unread: bool
    stuck: bool
    by_hand: bool = False

    def state(self, story: Story) -> StoryState:
        """Give the state that a teller is told: a story that is not read is not ready to them."""
        if self.by_hand or not self.unread or story.state != StoryState.READY:
            return story.state
        return StoryState.NEEDS_HELP if self.stuck else StoryState.READING

    def waits(self, story: Story) -> bool:
        """Say whether a person has to put the story into English before anything goes on."""
        return self.by_hand and story.state == StoryState.READY


def say_missing(step: SideStep, story: Story) -> str:
    """Give the plain sentences for staff about one step that is not done."""
    if step.step == BY_HAND:
        told = "Told" if story.mode == Mode.SPOKEN else "Written"
        return NOT_IN_ENGLISH % (told, name_of(story.language or UNDETERMINED))
    if step.problem is None:
        return TO_COME[step.step]
    kind = getattr(errors, step.problem, errors.StorybankError)
    means = READ_ALL_THE_SAME if read_all_the_same(step, story) else GIVEN_UP[step.step]
    return f"{means} What went wrong: {kind.message}"


def missing_of(session: Session, story: Story) -> Missing:
    """Give what is missing beside the words of a story, and what that means."""
    steps = left(session, story.id)
    needed = [step for step in steps if not read_all_the_same(step, story)]
    return Missing(
        read_all_the_same=len(needed) < len(steps),
        no_english=any(step.step == TRANSLATION for step in steps),
        unread=bool(needed),
        stuck=any(step.problem for step in needed),
        by_hand=any(step.step == BY_HAND for step in steps),
    )
