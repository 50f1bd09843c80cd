"""Speech recognition port: sound to phrases with their times."""

from collections.abc import Sequence
from typing import Protocol

from domain.content.caption_cues import Phrase
from domain.kernel import Rejected


class SpeechRecognitionOff(Rejected):
    """No speech recognition service is set up here. Write the captions as a WebVTT file."""

    code = "speech_recognition.off"
    kind = "not_found"


class SpeechRecognitionUnavailable(Rejected):
    """The speech recognition service is unavailable. It is tried again."""

    code = "speech_recognition.unavailable"
    kind = "unavailable"


class SoundUnreadable(Rejected):
    """The speech recognition service cannot read this sound."""

    code = "speech_recognition.sound_unreadable"
    kind = "invalid"


class SoundTooLong(Rejected):
    """The speech recognition service refuses this sound because it is too long."""

    code = "speech_recognition.sound_too_long"
    kind = "invalid"


class RecognitionUnreadable(Rejected):
    """The answer of the speech recognition service is not one of its protocol."""

    code = "speech_recognition.answer_unreadable"
    kind = "invalid"


class SpeechRecognition(Protocol):
    """Recognizes speech. Thread-safe."""

    def recognize(self, sound: bytes, language: str) -> Sequence[Phrase]:
        """Return the phrases of an MP3 in a language (ISO 639-1); none if nobody speaks.

        Raises SpeechRecognitionUnavailable, SoundUnreadable, SoundTooLong and
        RecognitionUnreadable.
        """
        ...
