"""The picture of how far a score can be believed."""

from xml.etree import ElementTree

from storybank.evaluate.diagram import EDGE, SIDE, WIDE, reliability

SVG = "{http://www.w3.org/2000/svg}"


def test_a_dot_lies_where_its_score_and_its_rightness_meet():
    drawn = ElementTree.fromstring(reliability({0.4: (10, 5), 0.8: (40, 30)}, "a & b"))  # noqa: S314
    low, high = drawn.findall(f"{SVG}circle")

    assert (float(low.get("cx")), float(low.get("cy"))) == (EDGE + 0.45 * SIDE, WIDE - EDGE - 150)
    assert float(high.get("cy")) == WIDE - EDGE - 0.75 * SIDE
    assert float(low.get("r")) * 2 == float(high.get("r"))  # a quarter of the area
    assert "a & b" in drawn.findtext(f"{SVG}title")
    assert {"10", "40"} <= {label.text for label in drawn.findall(f"{SVG}text")}


def test_nothing_suggested_is_an_empty_square():
    drawn = ElementTree.fromstring(reliability({}, "none"))  # noqa: S314
    assert drawn.findall(f"{SVG}circle") == []
