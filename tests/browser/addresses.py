"""Every address that answers with a page, and who it is looked at as in a browser.

tests/house fails where a new one stands in no list. Names in brackets are filled in by the test;
what follows a question mark is a state of the page.
"""

from storybank.values import Role

PUBLIC = (
    "/", "/about", "/accessibility", "/cookies", "/privacy", "/safety", "/receipt",
    "/tell/before/{way}", "/tell/for-somebody", "/tell/record", "/tell/upload", "/tell/write",
)  # fmt: skip
"""What residents open before they told anything: tests/browser/test_resident.py."""

TELLING = (
    "/tell/where", "/tell/when", "/tell/who", "/tell/them", "/tell/your-reading", "/tell/uses",
    "/tell/check", "/tell/sent", "/tell/which",
)  # fmt: skip
"""The questions of the form, in a story that was begun: tests/browser/test_resident.py."""

OWN = (
    "/receipt/story", "/receipt/correct", "/receipt/more", "/receipt/your-reading",
    "/receipt/uses", "/receipt/take-back", "/receipt/voices", "/receipt/gone",
)  # fmt: skip
"""What a teller's code opens; the last one ends it: tests/browser/test_own_story.py."""

STAFF: dict[Role | None, tuple[str, ...]] = {
    None: (
        "/sign-in", "/invitation/{code}", "/how-stories-are-read",
        "/how-stories-are-read/{name}",
    ),
    Role.EVALUATOR: (
        "/search?q=bus&code=aim-adapting", "/stories", "/stories/{story_id}",
        "/stories/{helpless}", "/stories/{spoken}", "/strengths", "/strengths?kind=skill",
        "/import", "/import/{planned}", "/import/{checked}",
        "/framework-versions", "/framework-versions/{name}/moved",
        "/framework-draft", "/framework-draft/new", "/framework-draft/codes/{code_id}",
        "/framework-draft/codes/{code_id}/{act}", "/framework-draft/publish",
        "/framework-draft/discard",
    ),
    Role.GOVERNANCE: ("/stories/{story_id}", "/masks", "/masks/{story_id}"),
    Role.WORKER: (
        "/worker", "/worker/new", "/worker/saved", "/worker/paper",
        "/worker/stories/{spoken}", "/worker/stories/{spoken}/voices",
    ),
    Role.ADMIN: (
        "/admin", "/admin/lists", "/admin/phones", "/admin/known-places", "/admin/wording",
        "/admin/programmes/{slug}/wording", "/admin/programmes/{slug}/words",
        "/admin/programmes/{slug}/prompt", "/admin/programmes/{slug}/poster", "/import",
    ),
}  # fmt: skip
"""What staff open, by role: tests/browser/test_every_staff_page.py."""

RECORDER = ("/collect/",)
"""The recorder on workers' phones has states instead of pages: tests/browser/test_collect.py."""

NO_PAGES = (
    # To another address.
    "/collect", "/leave", "/p/{slug}",
    # A part of a page, which the page itself shows.
    "/receipt/status",
    # Files, sound, and answers for scripts and survey apps.
    "/admin/programmes/{slug}/paper.pdf", "/collect/manifest.webmanifest", "/collect/me",
    "/collect/sent", "/collect/sw.js", "/health", "/import/{import_id}/mistakes.csv",
    "/key/{token}/formList", "/key/{token}/forms/{form_id}",
    "/key/{token}/forms/{form_id}/manifest", "/receipt/audio/{copy}",
    "/receipt/spoken-consent", "/stories/{story_id}/audio", "/tell/recording",
    "/tell/recording/begun", "/worker/stories/{story_id}/audio",
    "/worker/stories/{story_id}/spoken-consent",
)  # fmt: skip
"""What answers a GET with something else than a page."""
