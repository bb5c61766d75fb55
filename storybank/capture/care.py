"""Care for a child whom a story is about, where a worker asks: what to leave out, and who tells.

Residents read the same on their form (web/templates/capture/them.html), in their language.
"""

from storybank.capture.answers import ABOUT_CHILD

A_CHILDS = "A child's or young person's they know"
LEAVE_OUT = (
    "It is still the child's story. Leave out their name, their school and their street. "
    "Say “my neighbour's child” or “a boy of 8”."
)
IN_DANGER = (
    "Are you worried that a child is in danger? Call 999, or the NSPCC on 0808 800 5000. "
    "Nobody reads stories as they come in."
)
WHO = "Who is the teller to the child?"
RELATIONS = {
    "parent": "Their parent, or looks after them",
    "carer": "Their carer",
    "family": "Somebody else in their family",
    "friend": "A friend or neighbour",
    "worker": "Works with them",
    "other": "Somebody else",
}


def relation_missing(teller: str, relation: str) -> bool:
    """Say whether a story is about a child and does not say who the teller is to them."""
    return teller == ABOUT_CHILD and relation not in RELATIONS


def given_by(teller: str, relation: str, said: str | None = None) -> str | None:
    """Give who gave the consent: `said`, or for a child, where the teller did, who they are."""
    is_known = teller == ABOUT_CHILD and relation in RELATIONS
    return relation if is_known and said in (None, "teller") else said
