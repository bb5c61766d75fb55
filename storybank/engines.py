"""The real engines, each from verified weights; nothing is loaded before it is asked for."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storybank.errors import ModelMissing
from storybank.framework import Framework, load_framework, models_folder
from storybank.manifest import Model, load_manifest, verified
from storybank.settings import Settings
from storybank.transcribe.engine import Transcriber
from storybank.understand.embed import Changes, Embedder
from storybank.understand.engines import Redactor
from storybank.understand.heads import Head, load_head
from storybank.understand.redact.known import KnownPlace, read_known

if TYPE_CHECKING:
    from storybank.transcribe.voices.turns import VoiceFinder
    from storybank.understand.along import StoryEncoder
    from storybank.understand.languages import LanguageFinder
    from storybank.understand.people_first import LanguageCheck
    from storybank.understand.tag import HeadTagger

VOICES = "voice-encoder"
"""The manifest id of the model by which voices are told apart."""
VOICE_DETECTOR = "silero-vad"
"""The manifest id of the model that hears where somebody speaks; faster-whisper brings it."""
LANGUAGES = "py3langid-139"
"""The manifest id of the model by which the language of a typed story is found."""
WEIGHTS = "model.safetensors"
"""The file that holds the weights of a sentence encoder."""


class Engines:
    """Gives each engine on its first use, and the same one after; raises ModelMissing.

    One object serves a whole process: a web process asks only for the embedder, and pays only
    for that.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def manifest(self) -> dict[str, Model]:
        """Every model that ships, by id."""
        return load_manifest(models_folder() / "manifest.toml")

    def weights(self, model_id: str) -> Path:
        """Give the verified folder of one model's weights."""
        model = self.manifest.get(model_id)
        if model is None:
            raise ModelMissing(
                model_id,
                message=f"There is no model named {model_id}. "
                f"Choose one of: {', '.join(sorted(self.manifest))}.",
            )
        return verified(model, self.settings.models_dir)

    @cached_property
    def framework(self) -> Framework:
        """The framework that new stories are read by."""
        return load_framework(self.settings.framework)

    @cached_property
    def nlp(self) -> Any:
        """The spaCy pipeline."""
        from storybank.understand.nlp import load_nlp

        return load_nlp(self.weights("en-core-web-sm"))

    @cached_property
    def embedder(self) -> Embedder:
        """The sentence encoder whose vectors are stored and searched."""
        return self._new_encoder(self.settings.embedding_model)

    @cached_property
    def query_encoder(self) -> Embedder:
        """The encoder for questions: the same vectors, without torch where its kind allows."""
        from storybank.understand.light import LightEncoder, can_be_light, lightened

        model_id = self.settings.embedding_model
        weights = self.weights(model_id)
        if not can_be_light(weights):
            return self.embedder
        digest = next(f.sha256 for f in self.manifest[model_id].files if f.name == WEIGHTS)
        light = lightened(weights, digest, self.settings.models_dir)
        return LightEncoder(model_id, weights, light)

    def _new_encoder(self, model_id: str) -> Embedder:
        from storybank.understand.minilm import SentenceEncoder

        return SentenceEncoder(model_id, self.weights(model_id))

    def reader(self, model_id: str, views: Sequence[Changes]) -> "StoryEncoder":
        """Give the encoder that reads whole stories, changed once for each view of a head.

        It is loaded at once: half of what loading takes is given back, and so is never needed
        beside what other engines load later.
        """
        from storybank.understand.along import StoryEncoder

        encoder = StoryEncoder(model_id, self.weights(model_id), views)
        encoder.load()
        return encoder

    @cached_property
    def transcriber(self) -> Transcriber:
        """The speech engine."""
        return self.speech(self.settings.speech_model)

    def speech(self, model_id: str) -> Transcriber:
        """Give the speech engine with the model named."""
        from storybank.transcribe.whisper import WhisperTranscriber

        self.weights(VOICE_DETECTOR)  # faster-whisper loads it from where it was checked
        return WhisperTranscriber(
            model_id, self.weights(model_id), threads=self.settings.speech_threads
        )

    @cached_property
    def voices(self) -> "VoiceFinder":
        """The finder of voices: who speaks when in a recording."""
        from storybank.transcribe.voices.encoder import VoiceEncoder
        from storybank.transcribe.voices.turns import VoicesByEncoder

        self.weights(VOICE_DETECTOR)
        return VoicesByEncoder(VoiceEncoder(VOICES, self.weights(VOICES)))

    @cached_property
    def redactor(self) -> Redactor:
        """The finder of personal details, with the known places of the settings' file.

        It knows no council's wards: those stand in the database, which is not open here.
        """
        return self.redactor_knowing((), self.known_places)

    @cached_property
    def known_places(self) -> tuple[KnownPlace, ...]:
        """The known places of the file that the settings name; none without one."""
        path = self.settings.known_places
        return tuple(read_known(path)) if path else ()

    def redactor_knowing(self, places: Sequence[str], known: Iterable[KnownPlace] = ()) -> Redactor:
        """Give the finder of personal details that knows a council's ground.

        It takes none of `places` for a person's name, and masks or keeps what is `known`.
        """
        from storybank.understand.redact.redactor import PresidioRedactor

        return PresidioRedactor(self.nlp, places, known)

    @cached_property
    def language(self) -> "LanguageCheck":
        """The check of what staff write; with it only the parts of grammar that it needs."""
        from storybank.understand.nlp import load_nlp
        from storybank.understand.people_first import LanguageCheck, load_words

        nlp = load_nlp(self.weights("en-core-web-sm"), exclude=("parser", "ner", "senter"))
        return LanguageCheck(nlp, load_words(models_folder() / "language" / "people-first.toml"))

    @cached_property
    def written(self) -> "LanguageFinder":
        """The finder of the language that a story is typed in."""
        from storybank.understand.languages import WrittenLanguages

        return WrittenLanguages(self.weights(LANGUAGES))

    @cached_property
    def tagger(self) -> "HeadTagger":
        """The reader of stories against the framework."""
        from storybank.understand.tag import HeadTagger

        return HeadTagger(self.head(self.framework.name), self.reader)

    def head(self, framework: str) -> Head:
        """Give the head trained for a framework version, its files checked.

        Raises HeadMissing where there is none, HeadDamaged or ModelDamaged naming the mend.
        """
        head = load_head(models_folder() / "heads", framework)
        if head.model_id not in self.manifest:
            raise ModelMissing(
                head.model_id,
                message=f"The tagger {head.model_id} does not stand in models/manifest.toml. "
                "Run `python -m scripts.training.noting`.",
            )
        self.weights(head.model_id)
        return head
