import pytest

from storybank.framework import load_framework

pytestmark = pytest.mark.database


def test_anybody_reads_how_stories_are_read(pages):
    page = pages.get("/how-stories-are-read")
    assert "New stories are read by this one." in page.words()
    assert "council’s own computers" in page.words()
    assert "The whole story is read" in page.words()
    assert "Each sentence is compared" not in page.words()
    links = [a["href"] for a in page.all("a", class_="sb-card__name")]
    assert links == ["/how-stories-are-read/thriving-communities@1",
                     "/how-stories-are-read/good-life@1"]  # fmt: skip


@pytest.mark.parametrize("name", ["thriving-communities@1", "good-life@1"])
def test_every_code_is_there_with_both_directions(pages, name):
    framework = load_framework(name)
    page = pages.get(f"/how-stories-are-read/{name}")
    words = page.words()
    for code in framework.codes:
        card = page.one("article", id=code.id).text
        for line in (code.name, code.question, code.definition, code.directions.present,
                     code.directions.missing, *code.includes, *code.examples.present,
                     *code.examples.missing):  # fmt: skip
            assert line in card
    for area in framework.areas:
        assert area.why in words
        assert all(way in words for way in area.evaluation)
    assert framework.vision in words


@pytest.mark.parametrize("name", ["nope@1", "..%2F..%2Fmanifest@1", "thriving-communities@99", "x"])
def test_another_name_is_not_there(pages, name):
    pages.get(f"/how-stories-are-read/{name}", status=404)
