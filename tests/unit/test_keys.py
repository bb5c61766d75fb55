import stat

import pytest

from storybank.errors import KeysMissing, Unsealable
from storybank.keys import WrappedKey, load_keyring, new_receipt, tidy_receipt


def test_a_new_key_file_is_for_its_owner_only_and_is_made_once(tmp_path):
    path = tmp_path / "keys.json"
    first = load_keyring(path, create=True)
    again = load_keyring(path, create=True)

    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert first.digest("x") == again.digest("x")
    assert list(tmp_path.iterdir()) == [path]


def test_a_story_key_opens_only_with_the_master_key_that_wrapped_it(tmp_path):
    one = load_keyring(tmp_path / "one.json", create=True)
    two = load_keyring(tmp_path / "two.json", create=True)
    key, wrapped = one.new_story_key()

    assert one.story_key(wrapped) == key
    assert key not in wrapped.wrapped
    with pytest.raises(KeysMissing):
        two.story_key(wrapped)
    with pytest.raises(Unsealable):
        two.story_key(WrappedKey(two.active, wrapped.wrapped))


@pytest.mark.parametrize("content", [None, "", "{}", "not json", '{"active": 1, "keys": 2}'])
def test_a_missing_or_broken_key_file_is_named(tmp_path, content):
    path = tmp_path / "keys.json"
    if content is not None:
        path.write_text(content)

    with pytest.raises(KeysMissing, match=r"keys\.json"):
        load_keyring(path)


def test_receipts_are_sixteen_digits_however_they_are_typed():
    code = new_receipt()
    typed = f" {code[:4]}-{code[4:8]} {code[8:12]}  {code[12:]}\n"

    assert len(code) == 16
    assert tidy_receipt(typed) == code
    assert new_receipt() != code


@pytest.mark.parametrize("zero", ["٠", "۰", "০", "０"], ids=["Arabic", "Urdu", "Bengali", "wide"])
def test_a_receipt_opens_with_the_figures_of_another_script_too(zero):
    code = new_receipt()
    typed = "".join(chr(ord(zero) + int(figure)) for figure in code)
    assert tidy_receipt(f"{typed[:4]} {typed[4:]}²") == code


def test_secrets_stay_out_of_the_keyrings_repr(tmp_path):
    keyring = load_keyring(tmp_path / "keys.json", create=True)

    assert repr(keyring) == f"Keyring(active={keyring.active!r})"
