"""Where a device has no voice, Kinelog speaks: sentences of its own, each of them once.

What may be spoken is known beforehand (`domain.coaching.sentences`), so nobody can have words of
theirs spoken here, and nothing about a person is in what a speech service is told.
"""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Final, Protocol

from application.kernel.cache import cache_key
from application.kernel.ports import MediaStore
from domain.coaching.sentences import all_sentences, phrases_for
from domain.ids import DEFAULT_TENANT
from domain.kernel import Rejected, value

LONGEST: Final = 200
"""Characters of a sentence; the longest that a coach says has twelve words."""

AT_ONCE: Final = 4
"""Sentences that a speech service is asked for at the same time."""

MOST_WAITING: Final = 64
"""Sentences that wait to be spoken; more are refused, as they would come too late."""


class SpeechOff(Rejected):
    """This installation has no voice: devices speak by their own, or show captions."""

    code = "speech.off"
    kind = "not_found"


class SentenceUnknown(Rejected):
    """Only what a coach says is spoken, word by word."""

    code = "speech.sentence_unknown"
    kind = "invalid"


class SpeechUnavailable(Rejected):
    """The speech service cannot be used at the moment; the caption says the same."""

    code = "speech.unavailable"
    kind = "unavailable"


class Synthesizer(Protocol):
    """Speaks. `edition` names all that the sound depends on beside the sentence and its language.

    Any thread may ask.
    """

    @property
    def version(self) -> str: ...

    def synthesize(self, sentence: str, language: str) -> bytes:
        """Give the sound of a sentence as MP3. Raises SpeechUnavailable."""
        ...


@value
class Spoken:
    """A sentence as MP3, and the SHA-256 of that in hexadecimal."""

    digest: str
    sound: bytes


class SpeechService:
    """Sentences spoken by a speech service, and kept with the media of nobody. Any thread may ask.

    Without a `synthesizer` there is no voice. Two who ask for the same sentence wait for one sound.
    """

    def __init__(self, synthesizer: Synthesizer | None, media: MediaStore) -> None:
        self._synthesizer = synthesizer
        self._media = media
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="speaking")
        self._underway: dict[str, Future[Spoken]] = {}
        self._lock = Lock()

    @property
    def is_on(self) -> bool:
        """Whether there is a voice."""
        return self._synthesizer is not None

    def likely(self, exercise: str, language: str) -> Sequence[str]:
        """Give what is worth having at hand when a set begins, the most important first.

        Raises UnknownExercise and CueLanguageUnknown.
        """
        return phrases_for(exercise, language)

    def kept(self, sentence: str, language: str) -> Spoken | None:
        """Give a sentence that has been spoken before. Raises as `speak` does, and MediaCorrupt."""
        prefix = self._prefix(self._voice(sentence, language), sentence, language)
        for found in self._media.list_media(DEFAULT_TENANT, prefix, limit=1):
            return Spoken(
                found.digest, self._media.get(DEFAULT_TENANT, found.digest, prefix=prefix)
            )
        return None

    def speak(self, sentence: str, language: str) -> "Future[Spoken]":
        """Have a sentence spoken and kept; the future raises SpeechUnavailable.

        Raises SpeechOff, SentenceUnknown, CueLanguageUnknown; SpeechUnavailable where too many
        wait already.
        """
        voice = self._voice(sentence, language)
        prefix = self._prefix(voice, sentence, language)

        def spoken_once() -> Spoken:
            try:
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
        """Speak no more; what is being spoken comes to its end."""
        self._threads.shutdown(cancel_futures=True)

    def _voice(self, sentence: str, language: str) -> Synthesizer:
        """Give the voice for a sentence. Raises SpeechOff, CueLanguageUnknown, SentenceUnknown."""
        if self._synthesizer is None:
            raise SpeechOff
        if sentence not in all_sentences(language):
            raise SentenceUnknown
        return self._synthesizer

    @staticmethod
    def _prefix(voice: Synthesizer, sentence: str, language: str) -> str:
        return f"speech-{cache_key((voice.version, language, sentence))}"
