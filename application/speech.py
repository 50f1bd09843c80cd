"""Speech synthesis for devices without a voice: fixed sentences, each synthesized once.

Only known sentences can be spoken (`domain.coaching.sentences`), so users cannot submit text of
their own, and the speech service receives nothing about a person.
"""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Final, Protocol

from application.kernel.cache import cache_key
from application.kernel.ports import MediaStore
from domain.coaching.sentences import all_sentences, phrases_for, phrases_for_custom_exercises
from domain.ids import DEFAULT_TENANT
from domain.kernel import Rejected, value
from domain.motion.exercises.custom import is_custom

LONGEST: Final = 200
"""Maximum length of a sentence in characters; the coach's longest has twelve words."""

AT_ONCE: Final = 4
"""Maximum number of concurrent requests to the speech service."""

MOST_WAITING: Final = 64
"""Maximum queue length; further sentences are rejected, because they would come too late."""


class SpeechOff(Rejected):
    """Server speech is switched off. Use the device's voice, or captions."""

    code = "speech.off"
    kind = "not_found"


class SentenceUnknown(Rejected):
    """Only the coach's own sentences can be spoken. Send one of them unchanged."""

    code = "speech.sentence_unknown"
    kind = "invalid"


class SpeechUnavailable(Rejected):
    """The speech service is unavailable. Show the caption instead."""

    code = "speech.unavailable"
    kind = "unavailable"


class Synthesizer(Protocol):
    """Text-to-speech port. `version` covers all that the sound depends on besides its input.

    Thread-safe.
    """

    @property
    def version(self) -> str: ...

    def synthesize(self, sentence: str, language: str) -> bytes:
        """Return a sentence as MP3. Raises SpeechUnavailable."""
        ...


@value
class Spoken:
    """A sentence as MP3, with its SHA-256 in hexadecimal."""

    digest: str
    sound: bytes


class SpeechService:
    """Synthesizes sentences and stores them as media without an owner. Thread-safe.

    Without a `synthesizer`, speech is off. Concurrent requests for the same sentence share one
    synthesis.
    """

    def __init__(self, synthesizer: Synthesizer | None, media: MediaStore) -> None:
        self._synthesizer = synthesizer
        self._media = media
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="speaking")
        self._underway: dict[str, Future[Spoken]] = {}
        self._lock = Lock()

    @property
    def is_on(self) -> bool:
        """Whether speech is on."""
        return self._synthesizer is not None

    def phrases(self, exercise: str, language: str) -> Sequence[str]:
        """Return the phrases to prefetch when a set begins, most important first.

        Raises UnknownExercise and CueLanguageUnknown.
        """
        if is_custom(exercise):
            return phrases_for_custom_exercises(language)
        return phrases_for(exercise, language)

    def find_stored(self, sentence: str, language: str) -> Spoken | None:
        """Return a stored sentence, or None. Raises what `speak` raises, and MediaCorrupt."""
        return self._stored(self._prefix(self._voice(sentence, language), sentence, language))

    def _stored(self, prefix: str) -> Spoken | None:
        for entry in self._media.list_media(DEFAULT_TENANT, prefix, limit=1):
            return Spoken(
                entry.digest, self._media.get(DEFAULT_TENANT, entry.digest, prefix=prefix)
            )
        return None

    def speak(self, sentence: str, language: str) -> "Future[Spoken]":
        """Synthesize and store a sentence; the future raises SpeechUnavailable.

        Raises SpeechOff, SentenceUnknown, CueLanguageUnknown, and SpeechUnavailable if the queue is
        full.
        """
        voice = self._voice(sentence, language)
        prefix = self._prefix(voice, sentence, language)

        def spoken_once() -> Spoken:
            try:
                stored = self._stored(prefix)
                if stored is not None:  # another request has stored it since the caller looked
                    return stored
                sound = voice.synthesize(sentence, language)
                digest = self._media.put(DEFAULT_TENANT, sound, prefix=prefix)
                return Spoken(digest, sound)
            finally:
                with self._lock:
                    del self._underway[prefix]

        with self._lock:
            if (underway := self._underway.get(prefix)) is not None:
                return underway
            if len(self._underway) >= MOST_WAITING:
                raise SpeechUnavailable("Too many sentences wait to be spoken.")
            self._underway[prefix] = self._threads.submit(spoken_once)
            return self._underway[prefix]

    def close(self) -> None:
        """Stop; sentences being synthesized are completed."""
        self._threads.shutdown(cancel_futures=True)

    def _voice(self, sentence: str, language: str) -> Synthesizer:
        """Return the synthesizer. Raises SpeechOff, CueLanguageUnknown, SentenceUnknown."""
        if self._synthesizer is None:
            raise SpeechOff
        if sentence not in all_sentences(language):
            raise SentenceUnknown
        return self._synthesizer

    @staticmethod
    def _prefix(voice: Synthesizer, sentence: str, language: str) -> str:
        return f"speech-{cache_key((voice.version, language, sentence))}"
