"""A person who uses only the keyboard: Tab and Shift+Tab, Enter, Space, arrows, and typing."""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

MOST_STEPS = 120
_HERE = "element => element === document.activeElement"
_OF_THE_GROUP = """name => {
    const here = document.activeElement;
    return here.type === "radio" && here.name === name;
}"""


def reach(page: Page, there: Locator, key: str = "Tab") -> None:
    """Go on with the Tab key, or another one, until this has the focus; it can then be seen."""
    expect(there).to_have_count(1)
    for _ in range(MOST_STEPS):
        page.keyboard.press(key)
        if there.evaluate(_HERE):
            expect(there).to_be_in_viewport()
            return
    raise AssertionError(f"the {key} key does not reach {there}")


def press(page: Page, there: Locator, key: str = "Enter") -> None:
    """Go on to a button, a link or a box, and press it."""
    reach(page, there)
    page.keyboard.press(key)


def send(page: Page, there: Locator) -> None:
    """Go on to a button or a link, press it, and wait for the page that follows."""
    reach(page, there)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def fill(page: Page, there: Locator, words: str) -> None:
    """Go on to a field, or to a list of choices, and type."""
    reach(page, there)
    page.keyboard.type(words)


def choose(page: Page, name: str, value: str) -> None:
    """Go on to the radio buttons of this name, and with the arrows to the one that is wanted."""
    wanted = page.locator(f"input[name={name}][value={value}]")
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        if page.evaluate(_OF_THE_GROUP, name):
            break
    else:
        raise AssertionError(f"the Tab key does not reach {name!r}")
    for _ in range(page.locator(f"input[name={name}]").count()):
        if wanted.evaluate(_HERE):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(wanted).to_be_checked()


def hand_over_windows(page: Page) -> None:
    """Have the windows in which files are chosen handed to the test.

    To be called before a page is opened: the browser takes a moment to obey, and a window that
    comes too soon is handed to nobody.
    """
    page.on("filechooser", lambda _: None)


def choose_file(page: Page, there: Locator, file: Path, key: str = "Space") -> None:
    """Go on to a field for a file, open the window in which one is chosen, and choose one.

    The page has been told before to `hand_over_windows`.
    """
    reach(page, there)
    with page.expect_file_chooser() as window:
        page.keyboard.press(key)
    window.value.set_files(file)
