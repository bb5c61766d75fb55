"""A client that checks every page it fetches, so that no test can pass over a broken page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from starlette.testclient import TestClient

_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"}
)
_UNLABELLED = frozenset({"hidden", "submit", "button", "image", "reset"})
_CONTROLS = frozenset({"input", "select", "textarea"})


@dataclass
class Element:
    """One element of a page: its name, attributes, whole text, and the elements round it."""

    tag: str
    attributes: dict[str, str]
    path: tuple["Element", ...] = field(default=(), repr=False)
    text: str = ""

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")


class Page(HTMLParser):
    """A parsed page or part: find elements, read texts, fill forms."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.source = source
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(source)
        self.close()
        assert not self._open, f"not closed: {[e.tag for e in self._open]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"<{tag}> repeats an attribute"
        element = Element(tag, {k: v or "" for k, v in attrs}, tuple(self._open))
        self.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Every `tag` whose attributes have these values (`class_` looks for one class)."""
        return [e for e in self.elements if e.tag == tag and _fits(e, attributes)]

    def one(self, tag: str, **attributes: str) -> Element:
        """The only such element; the test fails where there are none or several."""
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} of <{tag} {attributes}>"
        return found[0]

    def words(self) -> str:
        """All text a reader sees in the page, with runs of spaces made one."""
        unseen = {"script", "style", "title", "head"}
        bodies = [e for e in self.elements if e.tag == "body"] or self.elements[:1]
        text = "".join(e.text for e in bodies)
        for element in self.elements:
            if element.tag in unseen and element.text:
                text = text.replace(element.text, "", 1)
        return re.sub(r"\s+", " ", text).strip()

    def form(self, action: str) -> dict[str, str]:
        """What a form to `action` would send untouched: its filled and hidden fields."""
        form = self.one("form", action=action)
        values: dict[str, str] = {}
        for control in self.elements:
            if form not in control.path or control.tag not in _CONTROLS or not control["name"]:
                continue
            if control["type"] in {"radio", "checkbox"} and "checked" not in control.attributes:
                continue
            if control["type"] in {"file", "submit"}:
                continue
            values[control["name"]] = self._value(control)
        return values

    def _value(self, control: Element) -> str:
        if control.tag != "select":
            return control["value"] or control.text.strip("\n")
        options = [e for e in self.elements if e.tag == "option" and control in e.path]
        chosen = [e for e in options if "selected" in e.attributes] or options
        return chosen[0]["value"]


def _fits(element: Element, wanted: dict[str, str]) -> bool:
    for name, value in wanted.items():
        if name == "class_":
            if value not in element["class"].split():
                return False
        elif element.attributes.get(name.replace("_", "-")) != value:
            return False
    return True


class PageClient:
    """Fetches pages as a browser would, and checks each whole page and part on the way."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.response: Any = None

    def get(self, path: str, *, status: int = 200, **options: Any) -> Page:
        """Fetch a page; the status must be `status`; redirects are followed."""
        return self._checked(self.client.get(path, **options), status)

    def part(self, path: str, *, status: int = 200) -> Page:
        """Fetch what htmx would: a part, which must be in the whole page, too."""
        response = self.client.get(path, headers={"HX-Request-Type": "partial"})
        self.response = response
        assert response.status_code == status, response.text
        assert "<html" not in response.text
        page = Page(response.text)
        check_csp(response.headers, page)
        return page

    def post(self, path: str, data: dict[str, Any], *, status: int = 200, **options: Any) -> Page:
        """Send a form as a current browser does; the status is that of the page at the end."""
        headers = {"Sec-Fetch-Site": "same-origin"} | options.pop("headers", {})
        return self._checked(self.client.post(path, data=data, headers=headers, **options), status)

    def _checked(self, response: Any, status: int) -> Page:
        self.response = response
        assert response.status_code == status, f"{response.status_code}: {response.text[:3000]}"
        return check_page(response.text, response.headers)


def check_page(source: str, headers: Any) -> Page:
    """Parse a whole page and hold it to what every page must keep; gives it."""
    page = Page(source)
    assert source.lstrip().lower().startswith("<!doctype html>")
    assert page.one("html")["lang"], "no language"
    title = _squeezed(page.one("title").text)
    if page.all("div", class_="govuk-error-summary"):
        title = title.partition(": ")[2]  # "Error: ", in the page's language
    heading = _squeezed(page.one("h1").text)
    assert heading, "empty h1"
    assert title.startswith(heading), f"the title {title!r} does not start as the h1 {heading!r}"
    ids = [e["id"] for e in page.elements if e["id"]]
    assert len(ids) == len(set(ids)), f"ids twice: {sorted(i for i in ids if ids.count(i) > 1)}"
    for problem in _form_problems(page, set(ids)):
        raise AssertionError(problem)
    check_csp(headers, page)
    assert not re.search(r"govuk-logotype|crown|GDS Transport", source, re.IGNORECASE)
    assert not re.search(r"undefined|\{\{|\{%", page.words()), "a template's hole shows"
    return page


def check_csp(headers: Any, page: Page) -> None:
    """Check that the policy is there and that nothing in the page would break it."""
    policy = headers["content-security-policy"]
    assert "unsafe-" not in policy
    found = re.search(r"'nonce-([^']+)'", policy)
    assert found, "no nonce"
    for element in page.elements:
        names = element.attributes
        assert "style" not in names, f"<{element.tag}> has style="
        assert not any(n.startswith(("on", "hx-on")) for n in names), f"<{element.tag}> has on..."
        assert not any(v.startswith(("js:", "javascript:")) for v in names.values())
        if element.tag == "script":
            assert element["nonce"] == found[1], "a script without the page's nonce"
        if any(n.startswith("hx-") for n in names):
            assert element["hx-nonce"] == found[1], f"<{element.tag}> is htmx without hx-nonce"
    assert not re.search(r'hx-trigger="[^"]*\[', page.source), "hx-trigger has a filter"


def _form_problems(page: Page, ids: set[str]) -> Iterator[str]:
    for form in page.all("form"):
        if not form["action"] or form["method"].lower() not in {"get", "post"}:
            yield f"a form needs action and method: {form.attributes}"
        fields = [e for e in page.elements if form in e.path]
        if form["method"] == "post" and not [f for f in fields if f["name"] == "form_token"]:
            yield f"the form to {form['action']} has no form_token()"
    yield from _label_problems(page, ids)
    yield from _reference_problems(page, ids)


def _label_problems(page: Page, ids: set[str]) -> Iterator[str]:
    labels = {e["for"]: e.text.strip() for e in page.all("label")}
    for control in page.elements:
        if control.tag not in _CONTROLS or control["type"] in _UNLABELLED:
            continue
        if not labels.get(control["id"]) and not control["aria-label"]:
            yield f"no label: {control.attributes}"
    for label in labels:
        if label not in ids:
            yield f"a label for {label!r}, which is not there"


def _reference_problems(page: Page, ids: set[str]) -> Iterator[str]:
    for element in page.elements:
        if element.tag == "img" and "alt" not in element.attributes:
            yield f"no alt: {element.attributes}"
        for name in ("aria-describedby", "aria-labelledby", "aria-controls"):
            for target in element[name].split():
                if target not in ids:
                    yield f"{name} names {target!r}, which is not there"
        target = element["href"]
        if element.tag == "a" and target.startswith("#") and target[1:] not in ids:
            yield f"a link to {target}, which is not there"


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
