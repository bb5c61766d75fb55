"""Make `models/gold/redaction/sentences.jsonl`: invented sentences with personal details.

Run: python scripts/make_redaction_gold.py [--seed 7] [--times 5]. Same seed, same file.
Sentences and names stand in `scripts/redaction_gold/`. Telephone numbers are from Ofcom's ranges
for fiction, NHS numbers from the test range with a valid check digit, mail goes to example.*.
"""

import argparse
import json
import random
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from redaction_gold import said, written

HERE = Path(__file__).parent / "redaction_gold"
TARGET = Path(__file__).parents[1] / "models" / "gold" / "redaction" / "sentences.jsonl"
PARTS = ("improving", "held out")
SLOT = re.compile(r"\{(\w+)(!?)\}")
TYPES = {"given": "name", "family": "name", "full": "name"}


@dataclass(frozen=True)
class Names:
    """Given names and surnames of one origin, for one part."""

    given: tuple[str, ...]
    family: tuple[str, ...]


def read_names(part: int) -> dict[str, Names]:
    """Give each origin's names of the part: 0 for improving, 1 held out."""
    rows = tomllib.loads((HERE / "names.toml").read_text("utf-8"))
    return {
        origin: Names(*(tuple(row[kind].split("|")[part].split()) for kind in ("given", "family")))
        for origin, row in rows.items()
    }


def sentences(part: int) -> list[str]:
    """Give the sentences of the part, in order."""
    lines = (HERE / "templates.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")][part::2]


def filled(chance: random.Random, sentence: str, names: Names) -> tuple[str, list[dict[str, str]]]:
    """Fill the slots of one sentence; gives the text and its details."""
    details: list[dict[str, str]] = []

    def fill(match: re.Match[str]) -> str:
        slot, aloud = match[1], bool(match[2])
        if slot in TYPES:
            given, family = chance.choice(names.given), chance.choice(names.family)
            text = {"given": given, "family": family, "full": f"{given} {family}"}[slot]
        else:
            text = (said if aloud else written).MAKERS[slot](chance)
        row = {"text": text, "type": TYPES.get(slot, slot)}
        details.append(row | {"mode": "spoken"} if aloud else row)
        return text

    return SLOT.sub(fill, sentence), details


def rows(seed: int, times: int) -> list[dict[str, object]]:
    """Give every row of the file: each sentence with names of some origins in turn."""
    chance = random.Random(seed)  # noqa: S311 (made-up examples, no secret)
    made: list[dict[str, object]] = []
    for part, label in enumerate(PARTS):
        by_origin = read_names(part)
        order = list(by_origin)
        turn = 0
        for number, sentence in enumerate(sentences(part)):
            slots = bool(SLOT.search(sentence))
            for _ in range(times if slots else 1):
                origin = order[turn % len(order)]
                turn += 1
                text, details = filled(chance, sentence, by_origin[origin])
                named = any(item["type"] == "name" for item in details)
                made.append(
                    {"id": f"s{part}-{number:03}-{len(made):04}", "text": text, "pii": details,
                     "part": label} | ({"origin": origin} if named else {})
                )  # fmt: skip
    return made


def main() -> None:
    """Write the file."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--seed", type=int, default=7)
    reader.add_argument("--times", type=int, default=5)
    asked = reader.parse_args()
    made = rows(asked.seed, asked.times)
    lines = (json.dumps(row, ensure_ascii=False) for row in made)
    TARGET.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{len(made)} sentences in {TARGET.name}")


if __name__ == "__main__":
    main()
