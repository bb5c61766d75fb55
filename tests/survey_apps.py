"""ODK Collect and Enketo as Storybank meets them: what they fetch, send, split and accept."""

import hashlib
import uuid
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from defusedxml.ElementTree import fromstring
from starlette.testclient import TestClient

LIST = "{http://openrosa.org/xforms/xformsList}"
RESPONSE = "{http://openrosa.org/http/response}"
ANSWERS = {
    "wording": "2026-11", "consent_learn": "yes", "consent_quote": "yes", "consent_voice": "no",
    "consent_publish": "no", "consent_named": "no", "given_by": "teller", "telling": "written",
    "story_text": "They mended the lift at last.", "teller": "about-me",
    "place": "blackbird-leys", "happened": "2026-05-01", "told_on": "2026-11-01",
}  # fmt: skip
SPOKEN = {"telling": "spoken", "story_text": "", "story_audio": "talk.m4a"}


def new_id() -> str:
    return f"uuid:{uuid.uuid4()}"


def filled(
    instance: str, form: str = "storybank-thriving", meta: str = "", **answers: str
) -> bytes:
    """The XML of a filled-in form, as Collect writes it; `answers` replace those above."""
    root = ElementTree.Element("data", {
        "id": form, "version": "1", "xmlns:jr": "http://openrosa.org/javarosa",
    })  # fmt: skip
    for name, value in (ANSWERS | answers).items():
        ElementTree.SubElement(root, name).text = value
    head = ElementTree.SubElement(root, "meta")
    ElementTree.SubElement(head, "instanceID").text = instance
    if meta:
        ElementTree.SubElement(head, "deprecatedID").text = meta
    return b"<?xml version='1.0' ?>" + ElementTree.tostring(root)


@dataclass
class Collect:
    """Collect on one phone: strict where Collect is strict (`OpenRosaServerInstanceUploader`)."""

    client: TestClient
    base: str
    headers: dict[str, str] = field(
        default_factory=lambda: {"X-OpenRosa-Version": "1.0", "User-Agent": "org.odk.collect"}
    )

    def forms(self, query: str = "") -> list[dict[str, str]]:
        """The list of forms; every entry must be whole, or Collect takes none."""
        answer = self.client.get(f"{self.base}/formList{query}", headers=self.headers)
        assert answer.status_code == 200, answer.text
        assert "text/xml" in answer.headers["content-type"]
        root = fromstring(answer.content)
        assert root.tag == f"{LIST}xforms"
        forms = [{e.tag.removeprefix(LIST): e.text or "" for e in entry} for entry in root]
        for form in forms:
            assert form["formID"]
            assert form["name"]
            assert form["downloadUrl"].startswith("http")
        return forms

    def fetch(self, form: dict[str, str]) -> bytes:
        """The form, held against the digest in the list."""
        path = form["downloadUrl"].removeprefix("http://127.0.0.1:8000")
        content = self.client.get(path, headers=self.headers).content
        assert f"md5:{hashlib.md5(content, usedforsecurity=False).hexdigest()}" == form["hash"]
        return content

    def send(self, xml: bytes, files: dict[str, bytes] | None = None) -> list[Any]:
        """Send a form as Collect does: ask first, split by size, the XML with each part."""
        asked = self.client.head(f"{self.base}/submission?deviceID=x", headers=self.headers)
        assert asked.status_code == 204, "not an OpenRosa endpoint"
        most = int(asked.headers["x-openrosa-accept-content-length"])
        waiting, answers = list((files or {}).items()), []
        while True:
            batch, size = [], 0
            while waiting and (not batch or size + len(waiting[0][1]) <= most):
                batch.append(waiting.pop(0))
                size += len(batch[-1][1])
            answers.append(self.post(xml, dict(batch), incomplete=bool(waiting)))
            assert answers[-1].status_code in (201, 202), answers[-1].text
            if not waiting:
                return answers

    def post(
        self, xml: bytes, files: dict[str, bytes] | None = None, *, incomplete: bool = False
    ) -> Any:
        """One request."""
        parts: list[Any] = [("xml_submission_file", ("form.xml", xml, "text/xml"))]
        parts += [(name, (name, content, "audio/m4a")) for name, content in (files or {}).items()]
        return self.client.post(
            f"{self.base}/submission?deviceID=x", files=parts, headers=self.headers,
            data={"*isIncomplete*": "yes"} if incomplete else {},
        )  # fmt: skip


def said(answer: Any) -> str:
    """The sentence in the envelope, which must be there whatever the status."""
    assert answer.headers["x-openrosa-version"] == "1.0"
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    message = fromstring(answer.content).find(f"{RESPONSE}message")
    assert message is not None
    assert message.attrib["nature"] == (
        "submit_success" if answer.status_code in (201, 202) else "error"
    )
    return message.text or ""
