"""Build speech synthesis, if it is enabled."""

from collections.abc import Generator
from contextlib import closing, contextmanager
from typing import Final

from application.kernel.ports import MediaStore
from application.speech import SpeechService, Synthesizer
from bootstrap.settings import Settings

OTHER_VOICES: Final = {"es": "es-ES-ElviraNeural", "ru": "ru-RU-SvetlanaNeural"}
"""Voices of languages for which the settings name none."""


@contextmanager
def build_speech(settings: Settings, media: MediaStore) -> Generator[SpeechService]:
    """Build the speech service."""
    with closing(SpeechService(_synthesizer(settings), media)) as speaking:
        yield speaking


def _synthesizer(settings: Settings) -> Synthesizer | None:
    if settings.speech == "off":
        return None
    from adapters.speech.edge import EdgeSynthesizer  # noqa: PLC0415  loads its client

    return EdgeSynthesizer(
        OTHER_VOICES | settings.speech_voice,
        rate_percent=settings.speech_rate_percent,
        endpoint=_address(settings.speech_endpoint),
    )


def _address(endpoint: str | None) -> tuple[str, int] | None:
    if endpoint is None:
        return None
    host, _, port = endpoint.rpartition(":")
    return host.strip("[]"), int(port)
