"""Client of speech recognition services with the transcription endpoint of the OpenAI API.

Besides OpenAI, servers for one's own machines have it, such as Speaches, LocalAI and vLLM.
"""

import json
import time
from collections.abc import Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Annotated, Any, Final

import httpx2
import msgspec
import structlog

from adapters.circuit_breaker import CircuitOpen, circuit_breaker
from application.content.speech_recognition import (
    RecognitionUnreadable,
    SoundTooLong,
    SoundUnreadable,
    SpeechRecognitionUnavailable,
)
from domain.content.caption_cues import Phrase

PATH: Final = "/v1/audio/transcriptions"
MODELS: Final = "/v1/models"

CONNECT_S: Final = 10.0

DEADLINE_S: Final = 600.0
"""Time for a whole answer: recognition without a GPU may take twice as long as the sound."""

MODELS_S: Final = 10.0

OPEN_S: Final = 30.0
"""Seconds until a service that did not answer is tried again."""

MAX_BYTES: Final = 4_000_000
"""Largest answer that is read."""

SILENCE: Final = 0.6
UNLIKELY: Final = -1.0
"""Segments with a greater probability of silence and a lower mean log probability are left out, as
Whisper's own program does: they repeat subtitles of its training."""

SOUND_PARAMETERS: Final = frozenset({None, "file"})
"""Parameters that a refusal names if it is about the sound; others are about the settings."""

REFUSED: Final = frozenset(
    {
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)

logger: Any = structlog.get_logger()

Seconds = Annotated[float, msgspec.Meta(ge=0, le=1_000_000)]


class Segment(msgspec.Struct):
    """A segment of an answer in the format `verbose_json`.

    None: the service does not know the probability. vLLM never knows that of silence.
    """

    start: Seconds
    end: Seconds
    text: Annotated[str, msgspec.Meta(max_length=10_000)]
    no_speech_prob: float | None = None
    avg_logprob: float | None = None

    @property
    def is_silence(self) -> bool:
        """Whether the text was probably invented."""
        if self.no_speech_prob is None or self.avg_logprob is None:
            return False
        return self.no_speech_prob > SILENCE and self.avg_logprob < UNLIKELY


class Transcription(msgspec.Struct):
    """An answer in the format `verbose_json`. LocalAI and vLLM leave out segments of silence."""

    text: str | None = None
    segments: Annotated[list[Segment], msgspec.Meta(max_length=10_000)] | None = None


class TranscriptionApi:
    """A `SpeechRecognition` at a URL such as `https://api.openai.com`. Thread-safe.

    `key` is sent as a bearer token. After three failures in a row, the service is not called for
    `open_s` seconds.
    """

    def __init__(
        self,
        url: str,
        model: str,
        key: str | None = None,
        *,
        deadline_s: float = DEADLINE_S,
        open_s: float = OPEN_S,
    ) -> None:
        self._url = url.rstrip("/")
        self._model = model
        self._deadline_s = deadline_s
        self._headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        self._guard = circuit_breaker(open_s, SoundUnreadable, SoundTooLong, RecognitionUnreadable)

    def recognize(self, sound: bytes, language: str) -> Sequence[Phrase]:
        fields = {
            "model": self._model,
            "language": language,
            "response_format": "verbose_json",
            "timestamp_granularities[]": "segment",
            "temperature": "0",
        }
        try:
            with self._guard():
                status, content = self._post(fields, sound)
                _require_success(status, content)
        except CircuitOpen as opened:
            raise SpeechRecognitionUnavailable from opened
        try:
            answer = msgspec.json.decode(content, type=Transcription)
        except msgspec.DecodeError as unreadable:
            logger.warning("speech_recognition.unreadable", reason=str(unreadable))
            raise RecognitionUnreadable from unreadable
        return [
            Phrase(each.start, max(each.start, each.end), each.text)
            for each in _segments(answer)
            if not each.is_silence
        ]

    def check(self) -> str:
        """Return a sentence about the service, which lists its models.

        Raises SpeechRecognitionUnavailable.
        """
        try:
            answer = httpx2.get(f"{self._url}{MODELS}", headers=self._headers, timeout=MODELS_S)
        except httpx2.HTTPError as failed:
            raise SpeechRecognitionUnavailable from failed
        if answer.status_code != HTTPStatus.OK:
            raise SpeechRecognitionUnavailable(
                f"The speech recognition service answers with status {answer.status_code}."
            )
        return f"The speech recognition service answers; its model is {self._model}."

    def _post(self, fields: dict[str, str], sound: bytes) -> tuple[int, bytes]:
        """Send a sound; return status and content. Raises SpeechRecognitionUnavailable."""
        files = {"file": ("sound.mp3", sound, "audio/mpeg")}
        until = time.monotonic() + self._deadline_s
        content = bytearray()
        try:
            with httpx2.stream(
                "POST",
                f"{self._url}{PATH}",
                data=fields,
                files=files,
                headers={**self._headers, "Accept-Encoding": "identity"},
                timeout=httpx2.Timeout(self._deadline_s, connect=CONNECT_S),
            ) as response:
                for part in response.iter_raw():
                    content += part
                    if len(content) > MAX_BYTES:
                        raise RecognitionUnreadable
                    if time.monotonic() > until:
                        raise SpeechRecognitionUnavailable
                return response.status_code, bytes(content)
        except httpx2.HTTPError as failed:
            logger.warning("speech_recognition.unavailable", reason=type(failed).__name__)
            raise SpeechRecognitionUnavailable from failed


def _segments(answer: Transcription) -> list[Segment]:
    """Return the segments, none if there is no text. Raises RecognitionUnreadable."""
    if answer.segments is not None:
        return answer.segments
    if answer.text is None or answer.text.strip():
        logger.warning("speech_recognition.unreadable", reason="There are no segments.")
        raise RecognitionUnreadable
    return []


def _require_success(status: int, content: bytes) -> None:
    """Raise SoundTooLong, SoundUnreadable or SpeechRecognitionUnavailable for a refusal."""
    if status == HTTPStatus.OK:
        return
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        raise SoundTooLong
    parameter = _refused_parameter(content)
    if status in REFUSED and parameter in SOUND_PARAMETERS:
        raise SoundUnreadable
    logger.warning("speech_recognition.refused", status=status, parameter=parameter)
    raise SpeechRecognitionUnavailable


def _refused_parameter(content: bytes) -> str | None:
    """Return the parameter that an error of the API names, or None."""
    with suppress(ValueError, KeyError, TypeError):
        parameter = json.loads(content)["error"]["param"]
        return parameter if isinstance(parameter, str) else None
    return None
