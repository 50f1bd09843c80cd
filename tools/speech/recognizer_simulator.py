"""Simulator of a speech recognition service with OpenAI's transcription endpoint.

It decodes the uploaded sound, and returns phrases of a script, one every four seconds in which
something can be heard. Where it hears nothing, it invents a phrase and marks it as silence, as
Whisper does.
"""

import io
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

import av
import numpy as np
from av.error import FFmpegError
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import create_form_parser

from tools.payments.simulator import Call, Reply, Simulator

MAX_SOUND_BYTES: Final = 25 * 2**20
LEAST_S: Final = 0.1
PHRASE_S: Final = 4.0
PAUSE_S: Final = 0.5
RATE: Final = 16_000
AUDIBLE: Final = 1e-3
"""Loudness, as a share of the full scale, from which something can be heard."""

LANGUAGES: Final = {"en": "english", "es": "spanish", "ru": "russian"}

SCRIPT: Final[Mapping[str, tuple[str, ...]]] = {
    "en": (
        "Stand with your feet as wide as your shoulders.",
        "Sit back and down, slowly.",
        "Keep your chest up & your heels on the floor.",
        "Push up, and breathe out.",
    ),
    "es": (
        "Ponte de pie con los pies a la anchura de los hombros.",
        "Baja despacio, como si te sentaras.",
        "Mantén el pecho alto y los talones en el suelo.",
        "Sube y exhala.",
    ),
    "ru": (
        "Поставьте ноги на ширине плеч.",
        "Медленно приседайте, отводя таз назад.",
        "Держите грудь высоко, пятки на полу.",
        "Поднимайтесь и выдыхайте.",
    ),
}


@dataclass(frozen=True)
class Heard:
    """A sound that was transcribed."""

    language: str
    seconds: float
    model: str


@dataclass
class RecognizerSimulator(Simulator):
    """A service with one key and one model, which counts what it has transcribed.

    `calls_left`: transcriptions until the quota is used up; None for no end. `broken`: the next
    answers that are cut off.
    """

    key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    model: str = "whisper-1"
    calls_left: int | None = None
    broken: int = 0
    heard: list[Heard] = field(default_factory=list[Heard])

    def show(self, call: Call) -> Reply | None:
        """Return None: no call is one of a person."""
        del call
        return None

    def answer(self, call: Call) -> Reply:
        """Answer a call of the API."""
        if call.headers.get("authorization") != f"Bearer {self.key}":
            return refusal(HTTPStatus.UNAUTHORIZED, "invalid_api_key", None)
        match call.method, call.path:
            case "GET", "/v1/models":
                model = {"id": self.model, "object": "model", "owned_by": "simulator"}
                return Reply.of(HTTPStatus.OK, {"object": "list", "data": [model]})
            case "POST", "/v1/audio/transcriptions":
                return self._transcribe(call)
            case _:
                return refusal(HTTPStatus.NOT_FOUND, "unknown_url", None)

    def _transcribe(self, call: Call) -> Reply:
        if self.calls_left is not None and self.calls_left <= 0:
            return refusal(HTTPStatus.TOO_MANY_REQUESTS, "insufficient_quota", None)
        if len(call.body) > MAX_SOUND_BYTES:
            return refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, None, None)
        try:
            fields, sound = parse_form(call)
        except FormParserError:
            return refusal(HTTPStatus.BAD_REQUEST, "invalid_form", None)
        invalid = self._invalid_field(fields)
        if invalid is not None:
            return refusal(HTTPStatus.BAD_REQUEST, "invalid_value", invalid)
        try:
            samples = decode(sound)
        except FFmpegError:
            return refusal(HTTPStatus.BAD_REQUEST, "invalid_value", "file")
        seconds = len(samples) / RATE
        if seconds < LEAST_S:
            return refusal(HTTPStatus.BAD_REQUEST, "audio_too_short", "file")
        language = fields["language"]
        self.heard.append(Heard(language, seconds, self.model))
        if self.calls_left is not None:
            self.calls_left -= 1
        if self.broken > 0:
            self.broken -= 1
            return Reply(HTTPStatus.OK, b'{"task": "transcribe", "segments": [{"start": 0.0')
        segments = transcribe(samples, language)
        return Reply.of(
            HTTPStatus.OK,
            {
                "task": "transcribe",
                "language": LANGUAGES[language],
                "duration": seconds,
                "text": " ".join(each["text"].strip() for each in segments),
                "segments": segments,
            },
        )

    def _invalid_field(self, fields: Mapping[str, str]) -> str | None:
        if fields.get("model") != self.model:
            return "model"
        if fields.get("response_format") != "verbose_json":
            return "response_format"
        return None if fields.get("language") in LANGUAGES else "language"


def refusal(status: int, code: str | None, parameter: str | None) -> Reply:
    """Return an error of the API."""
    error = {"message": "Refused.", "type": "invalid_request_error", "param": parameter}
    return Reply.of(status, {"error": {**error, "code": code}})


def parse_form(call: Call) -> tuple[dict[str, str], bytes]:
    """Return the fields of a multipart form, and the content of its file."""
    fields: dict[str, str] = {}
    files: list[bytes] = []

    def add_field(found: Any) -> None:
        fields[found.field_name.decode()] = (found.value or b"").decode()

    def add_file(found: Any) -> None:
        if found.field_name == b"file":
            found.file_object.seek(0)
            files.append(found.file_object.read())

    headers = {"Content-Type": call.headers.get("content-type", "").encode()}
    parser = create_form_parser(headers, add_field, add_file)
    parser.write(call.body)
    parser.finalize()
    return fields, files[0] if files else b""


def decode(sound: bytes) -> Any:
    """Return the samples of one channel, from -1 to 1. Raises FFmpegError."""
    opened: Any = av.open(io.BytesIO(sound))
    with opened as file:
        if not file.streams.audio:
            return np.zeros(0, np.float32)
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        parts = [
            ready.to_ndarray()[0]
            for frame in file.decode(file.streams.audio[0])
            for ready in resampler.resample(frame)
        ]
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def transcribe(samples: Any, language: str) -> list[dict[str, Any]]:
    """Return segments of the script, or of silence."""
    segments: list[dict[str, Any]] = []
    script = SCRIPT[language]
    seconds = len(samples) / RATE
    for at in range(int(seconds // PHRASE_S) + 1):
        start, end = at * PHRASE_S, min((at + 1) * PHRASE_S - PAUSE_S, seconds)
        part = samples[round(start * RATE) : round(end * RATE)]
        if end - start < LEAST_S or not len(part):
            continue
        is_heard = float(np.sqrt(np.mean(np.square(part)))) > AUDIBLE
        text = script[at % len(script)] if is_heard else "Thanks for watching!"
        segments.append(
            {
                "id": len(segments),
                "seek": 0,
                "start": round(start, 2),
                "end": round(end, 2),
                "text": f" {text}",
                "tokens": [],
                "temperature": 0.0,
                "avg_logprob": -0.2 if is_heard else -1.4,
                "compression_ratio": 1.1,
                "no_speech_prob": 0.02 if is_heard else 0.94,
            }
        )
    return segments
