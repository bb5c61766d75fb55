"""Presidio's analyser over the spaCy pipeline that is loaded already.

Its own e-mail and link recognisers are left out: they use a library that fetches a list from the
net on first use. `patterns.py` has ours.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine
from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer,
    IbanRecognizer,
    IpRecognizer,
    NhsRecognizer,
    PhoneRecognizer,
    SpacyRecognizer,
    UkDrivingLicenceRecognizer,
    UkNinoRecognizer,
    UkPassportRecognizer,
    UkPostcodeRecognizer,
    UkVehicleRegistrationRecognizer,
)

from storybank.understand.redact.details import Detail, detail
from storybank.values import Span

KINDS = {
    "PERSON": "person",
    "PHONE_NUMBER": "phone",
    "UK_NHS": "nhs",
    "UK_NINO": "nino",
    "UK_POSTCODE": "postcode",
    "UK_PASSPORT": "passport",
    "UK_DRIVING_LICENCE": "driving_licence",
    "UK_VEHICLE_REGISTRATION": "vehicle",
    "CREDIT_CARD": "card",
    "IBAN_CODE": "bank",
    "IP_ADDRESS": "network_address",
}
"""Presidio's entities that are personal details, and what Storybank calls them."""
LEAST = {"UK_VEHICLE_REGISTRATION": 0.3, "UK_PASSPORT": 0.3, "PHONE_NUMBER": 0.3}
"""Scores under these need words around them that say what they are; 0 for the rest."""


class LoadedPipeline(NlpEngine):  # type: ignore[misc]  # the library is untyped
    """Lends Presidio a pipeline that is in memory, so that it loads none of its own."""

    def __init__(self, nlp: Any) -> None:
        self.nlp = nlp

    def load(self) -> None:
        """Do nothing: it is loaded."""

    def is_loaded(self) -> bool:
        """Say yes."""
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """Run the pipeline over `text`."""
        return self.artifacts(parse(self.nlp, text), language)

    def process_batch(
        self, texts: Iterable[str], language: str, **_: object
    ) -> Iterator[tuple[str, NlpArtifacts]]:
        """Run the pipeline over each of `texts`."""
        for text in texts:
            yield text, self.process_text(text, language)

    def artifacts(self, doc: Any, language: str = "en") -> NlpArtifacts:
        """Turn a parsed text into what Presidio's recognisers read."""
        return NlpArtifacts(
            entities=list(doc.ents),
            tokens=doc,
            tokens_indices=[token.idx for token in doc],
            lemmas=[token.lemma_ for token in doc],
            nlp_engine=self,
            language=language,
        )

    def is_stopword(self, word: str, language: str) -> bool:
        """Say whether `word` is too common to mean anything."""
        return bool(self.nlp.vocab[word].is_stop)

    def is_punct(self, word: str, language: str) -> bool:
        """Say whether `word` is punctuation."""
        return bool(self.nlp.vocab[word].is_punct)

    def get_supported_entities(self) -> list[str]:
        """Name what the pipeline marks and Storybank takes from it."""
        return ["PERSON"]

    def get_supported_languages(self) -> list[str]:
        """Name the pipeline's language."""
        return ["en"]


class Analyst:
    """Runs the pipeline and Presidio's recognisers over one block of text at a time."""

    def __init__(self, nlp: Any) -> None:
        self._nlp = nlp
        self._pipeline = LoadedPipeline(nlp)
        registry = RecognizerRegistry(recognizers=_recognizers(), supported_languages=["en"])
        self._engine = AnalyzerEngine(
            registry=registry, nlp_engine=self._pipeline, supported_languages=["en"]
        )

    def parse(self, block: str) -> Any:
        """Give the spaCy Doc of `block`, without the grammar that masking does not need."""
        return parse(self._nlp, block)

    def details(self, block: str, doc: Any) -> list[Detail]:
        """Give what Presidio finds in `block`, whose Doc is `doc`."""
        results = self._engine.analyze(
            block, "en", entities=list(KINDS), nlp_artifacts=self._pipeline.artifacts(doc)
        )
        return [
            detail(result.start, result.end, KINDS[result.entity_type])
            for result in results
            if result.score >= LEAST.get(result.entity_type, 0.0)
        ]

    def marked(self, doc: Any, *labels: str) -> list[Span]:
        """Give what the pipeline itself marks with one of `labels`."""
        return [Span(e.start_char, e.end_char) for e in doc.ents if e.label_ in labels]


def parse(nlp: Any, text: str) -> Any:
    """Run every part of the pipeline but the parser, without changing it for other users."""
    doc = nlp.make_doc(text)
    for name, part in nlp.pipeline:
        if name != "parser":
            doc = part(doc)
    return doc


def _recognizers() -> list[Any]:
    return [
        SpacyRecognizer(supported_entities=["PERSON"]),
        PhoneRecognizer(supported_regions=("GB",)),
        NhsRecognizer(),
        UkNinoRecognizer(),
        UkPostcodeRecognizer(),
        UkPassportRecognizer(),
        UkDrivingLicenceRecognizer(),
        UkVehicleRegistrationRecognizer(),
        CreditCardRecognizer(),
        IbanRecognizer(),
        IpRecognizer(),
    ]
