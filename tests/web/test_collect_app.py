"""The recorder's shell: the same for everybody, under its own policy, and all that it keeps."""

import gzip
import json
import re
import struct
import subprocess
from pathlib import Path
from typing import get_args

import pytest

import web
from storybank.capture.phone_details import Agreed, Details
from storybank.values import Role
from tests.pages import Page
from tests.staff import sign_in
from tests.tus import find_node

pytestmark = pytest.mark.database

BUILT = Path(web.__file__).parent / "static" / "built"


def kept(client):
    """The addresses that the service worker keeps."""
    script = client.get("/collect/sw.js").text
    return json.loads(re.search(r'\["/collect/"[^\]]*\]', script)[0])


def test_the_shell_is_the_same_bytes_for_everybody(client, engine):
    nobody = client.get("/collect/")
    assert "set-cookie" not in nobody.headers
    for role in Role:
        sign_in(client, engine, role, "Wren Hill")
        assert client.get("/collect/").content == nobody.content


def test_the_shell_runs_nothing_but_its_script(client):
    shell = client.get("/collect/")
    policy = dict(
        part.strip().split(" ", 1)
        for part in shell.headers["content-security-policy"].split(";")
        if " " in part.strip()
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["trusted-types"] == "storybank-worker"
    assert policy["require-trusted-types-for"] == "'script'"
    assert client.get("/sign-in").headers["content-security-policy"].count("storybank-worker") == 0
    page = Page(shell.text)
    [script] = page.all("script")
    assert script["src"].startswith("/static/built/collect-")
    assert script.text == ""
    assert not [e for e in page.elements if any(n.startswith("on") for n in e.attributes)]
    heading = page.one("h1").text
    assert page.one("title").text.startswith(heading)


def test_the_worker_keeps_all_that_the_shell_needs_and_no_answer_with_words(client):
    addresses = kept(client)
    shell = Page(client.get("/collect/").text)
    wanted = {e["href"] for e in shell.all("link")} | {e["src"] for e in shell.all("img")}
    wanted |= {e["src"] for e in shell.all("script")}
    assert wanted <= set(addresses)
    for address in addresses:
        assert client.get(address).status_code == 200, address
    assert not [
        a for a in addresses if a.startswith("/collect/") and "." not in a and a != "/collect/"
    ]
    worker = client.get("/collect/sw.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    assert worker.headers["cache-control"] == "no-store"  # a new one is found at each visit


def test_the_recorder_can_be_installed(client):
    answer = client.get("/collect/manifest.webmanifest")
    assert answer.headers["content-type"] == "application/manifest+json"
    manifest = answer.json()
    assert (manifest["start_url"], manifest["scope"]) == ("/collect/", "/collect/")
    assert manifest["display"] == "standalone"
    sizes = set()
    for icon in manifest["icons"]:
        picture = client.get(icon["src"]).content
        assert picture.startswith(b"\x89PNG")
        wide, high = struct.unpack(">II", picture[16:24])
        assert icon["sizes"] == f"{wide}x{high}"
        sizes.add((wide, icon.get("purpose", "any")))
    assert {(192, "any"), (512, "any"), (512, "maskable")} <= sizes


def test_signing_in_leads_back_to_the_recorder(client, engine):
    sign_in(client, engine, Role.WORKER)
    answer = client.get("/sign-in?next=/collect/", follow_redirects=False)
    assert answer.headers["location"] == "/collect/"


def test_signing_out_tells_the_recorder(client, engine):
    sign_in(client, engine, Role.WORKER)
    answer = client.post(
        "/sign-out", headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False
    )
    [told] = [c for c in answer.headers.get_list("set-cookie") if c.startswith("storybank-left=1")]
    assert "Path=/collect/" in told
    assert "HttpOnly" not in told


def test_whatever_the_recorder_offers_the_server_takes():
    folder = Path(web.__file__).parent / "assets" / "collect"
    offered = {
        name: set(re.findall(r'^  \["([a-z-]+)", "', (folder / name).read_text("utf-8"), re.M))
        for name in ("consent.js", "care.js")
    }
    how, given_by = (set(get_args(Agreed.model_fields[n].annotation)) for n in ("how", "given_by"))
    assert offered["consent.js"] == how | given_by
    relation = {get_args(kind) for kind in get_args(Details.model_fields["relation"].annotation)}
    assert offered["care.js"] == set(max(relation, key=len))


CLOCKS = {
    "right": ([0, 1, 13.9, 14], [True, True, False]),
    "twenty days ahead at the sign-in, and since": ([20, 21, 33.9, 34], [True, True, False]),
    "ahead at the sign-in, and put right": ([20, 1, 14, 15], [True, True, False]),
    "set back": ([0, 10, 0, 3.9, 4], [True, True, True, False]),
    "begun anew by an empty battery, and put right": (
        [0, 5, -20_000, 6, 13.9, 14], [True, True, True, True, False],
    ),
}  # fmt: skip
"""Of each clock the days that it says, the first at the server's answer, and what it allows."""


def test_a_phone_records_14_days_by_its_own_clock_whatever_that_says():
    script = Path(__file__).with_name("allowed_rows.mjs")
    days = json.dumps({name: said for name, (said, _) in CLOCKS.items()})
    ended = subprocess.run(
        [find_node(), str(script), days], capture_output=True, text=True, timeout=60, check=True
    )
    assert json.loads(ended.stdout) == {name: allows for name, (_, allows) in CLOCKS.items()}


def test_the_scripts_put_no_markup_together(client):
    """Elements are made by calls; nothing typed or sent may become markup."""
    sources = sorted((Path(web.__file__).parent / "assets" / "collect").glob("*.js"))
    assert len(sources) > 10
    for source in sources:
        for sink in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert sink not in source.read_text("utf-8"), f"{source.name}: {sink}"


def test_all_scripts_and_styles_of_the_recorder_fit_a_bad_line():
    names = json.loads((BUILT / "manifest.json").read_text())["names"]
    size = sum(
        len(gzip.compress((BUILT / names[n]).read_bytes(), 9)) for n in ("collect.js", "pages.css")
    )
    assert size < 60_000
