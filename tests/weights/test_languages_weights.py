"""The language that stories are typed in, found by the real weights."""

import pytest

from storybank.index.withheld import written_in
from storybank.understand.languages import UNDETERMINED

pytestmark = pytest.mark.weights

ENGLISH = (
    "I moved here in 2019 and the flat was damp from the start. Nobody came. My son coughs at "
    "night. The council sent a man who looked at it and left. "
)
LONGER = (
    "I moved here with my family three years ago and the community centre helped us a lot when we "
    "had nothing. They gave us food and my children learned English there every week. "
)
SHORT = "Moja córka Kasia. Pani Anna Nowak. Syn Marek chory. Pan Jan pomógł. Jestem sama. "
ARABIC = "اسمي فاطمة. ابني أحمد. مرض سمير. جاء حسن. ساعدنا علي. شكرا لكم. "
CHINESE = "我叫王小明，我住在牛津考利路十二号。我的女儿王丽在学校被欺负了。老师张伟没有帮助我们。"
JAPANESE = "私の名前は田中花子です。娘のさくらは学校でいじめられました。鈴木先生は来ませんでした。"
THAI = "ฉันชื่อสมหญิง ลูกสาวของฉันชื่อมาลีถูกกลั่นแกล้งที่โรงเรียน ครูสมชายไม่ช่วยเรา "
NAMES = "Moja sąsiadka Barbara gotuje dla wszystkich. Nikt nie chce nam pomóc w tej sprawie."


@pytest.fixture(scope="module")
def written(engines):
    return engines.written


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("pl", "Od stycznia mieszkanie jest mokre i spółdzielnia nie odpowiada."),
        ("pt", "Moro aqui há três anos e ninguém me ajuda com a humidade."),
        ("ar", "أعيش هنا منذ ثلاث سنوات ولا أحد يساعدني"),
        ("bn", "আমি এখানে তিন বছর ধরে থাকি"),
        ("ur", "میں یہاں تین سال سے رہتا ہوں اور کوئی مدد نہیں کرتا"),
        ("ro", "Locuiesc aici de trei ani si nimeni nu ma ajuta cu mucegaiul din baie."),
        ("so", "Guriga waan ku noolahay seddex sano, cidna ima caawin"),
    ],
)
def test_a_story_in_another_language_is_told_whatever_form_it_was_typed_in(written, language, text):
    assert [written.find(text, form) for form in ("en", "pl", language)] == [language] * 3


@pytest.mark.parametrize("text", ["Damp", "ok", "me mum died", "The bus", "Innit bruv", "Lonely"])
def test_few_words_are_taken_for_english_on_the_english_form_only(written, text):
    assert written.find(text, "en") == "en"
    assert written.find(text, "ro") != "en"


def test_few_words_on_the_polish_form_are_polish(written):
    assert [written.find(word, "pl") for word in ("dobre", "Dziekuje", "bardzo zle")] == ["pl"] * 3
    assert written.find("Everything is awful here and nobody listens", "pl") == "en"


def test_a_story_with_much_of_another_language_in_it_is_not_read_as_english(written):
    assert written.find(ENGLISH + NAMES, "en") == "pl"
    assert written.find(ENGLISH * 5 + NAMES, "en") == "en", "a sentence or two of a long story"
    assert written.find("I eat pierogi with my babcia at the larder in Barton", "en") == "en"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("pl", LONGER + SHORT * 2),
        ("pl", SHORT * 2 + LONGER),
        ("pl", f"{ENGLISH}{SHORT}{LONGER}{SHORT}"),
        ("ar", ENGLISH + LONGER + ARABIC),
        ("zh", LONGER * 2 + CHINESE),
        ("ja", LONGER * 2 + JAPANESE),
        ("th", f"{LONGER * 2}{THAI}. Thank you."),
    ],
)
def test_neither_short_sentences_nor_words_without_spaces_are_passed_over(written, language, text):
    assert [written.find(text, form) for form in ("en", language)] == [language] * 2


@pytest.mark.parametrize(
    "text", ["Bus\nGP\nHousing\nDamp\nMould", "Nothing. Lonely. No bus. No money.", "Aye. No. Ta."]
)
def test_short_english_pieces_together_stay_english(written, text):
    assert written.find(text, "en") == "en"


def test_urdu_in_latin_letters_is_not_taken_for_english(written):
    text = "Mein dost ne kaha ke council help nahi karti, bohat mushkil hai yahan"
    assert written.find(text, "en") == UNDETERMINED


@pytest.mark.parametrize(
    ("note", "language"),
    [
        ("Told by João Pereira da Silva.", "en"),
        ("Agnieszka said no. Katarzyna agreed.", "en"),
        ("Met Agnieszka Kowalska and Katarzyna Nowak at Barton.", "en"),
        ("Mój syn Jan Kowalski mieszka z Anna Nowak i Piotr.", "pl"),
        ("Bez zmian. Katarzyna Nowak.", "pl"),
        ("Nazywam sie Anna Smith.", UNDETERMINED),
    ],
)
def test_names_in_a_short_english_note_are_no_other_language(engines, note, language):
    assert written_in(engines.written, engines.redactor, note, "en") == language
