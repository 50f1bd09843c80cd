"""Cues on `cue.make` are spoken and stored before a device asks for them."""

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from adapters.media.filesystem import FolderMediaStore
from application.cue_speech import prepare_speech
from application.kernel.bus import Delivery, Message
from application.kernel.rpc import InvalidMessage
from application.live.worker_contract import CueMessage
from application.speech import SpeechService, SpeechUnavailable
from domain.coaching.sentences import all_sentences
from domain.ids import DEFAULT_TENANT, SessionId
from streams.json_codec import JsonCodec

SENTENCE = min(all_sentences("en"))


class StubSynthesizer:
    """Speaks, or is not available, and counts its requests."""

    version = "1"

    def __init__(self) -> None:
        self.requests: list[str] = []
        self.is_available = True

    def synthesize(self, sentence: str, language: str) -> bytes:
        self.requests.append(sentence)
        if not self.is_available:
            raise SpeechUnavailable
        return f"{language}: {sentence}".encode()


@pytest.fixture
def voice() -> StubSynthesizer:
    return StubSynthesizer()


@pytest.fixture
def speech(voice: StubSynthesizer, tmp_path: Path) -> Iterator[SpeechService]:
    with closing(SpeechService(voice, FolderMediaStore(tmp_path))) as service:
        yield service


def deliver(speech: SpeechService, say: str, content: bytes | None = None) -> None:
    cue = CueMessage(
        id=uuid4(), tenant_id=DEFAULT_TENANT, session_id=SessionId("s"), set=1, repetition=1,
        category="form", cue="Chest up", say=say, language="en", fault="trunk_lean", at_ms=9,
    )  # fmt: skip
    codec = JsonCodec()
    sent = Message("cue.make", "default/s", codec.encode(cue) if content is None else content)
    prepare_speech(Delivery(sent, 0, 0), speech, partial(codec.decode, CueMessage))


def test_the_sentence_of_a_cue_is_stored_once(
    speech: SpeechService, voice: StubSynthesizer
) -> None:
    """R-EVT-09: a message that is delivered again changes nothing."""
    deliver(speech, SENTENCE)
    deliver(speech, SENTENCE)
    kept = speech.find_stored(SENTENCE, "en")
    assert kept is not None
    assert kept.sound == f"en: {SENTENCE}".encode()
    assert voice.requests == [SENTENCE]


def test_a_silent_cue_needs_no_speech(speech: SpeechService, voice: StubSynthesizer) -> None:
    deliver(speech, "")
    assert voice.requests == []


def test_an_unavailable_speech_service_stops_no_other_cue(
    speech: SpeechService, voice: StubSynthesizer
) -> None:
    """R-EVT-20: the caption was shown; no cue becomes a dead letter."""
    voice.is_available = False
    deliver(speech, SENTENCE)
    deliver(speech, "A sentence of another version.")
    assert speech.find_stored(SENTENCE, "en") is None


def test_without_speech_there_is_nothing_to_do(tmp_path: Path) -> None:
    with closing(SpeechService(None, FolderMediaStore(tmp_path))) as silent:
        deliver(silent, SENTENCE)


def test_an_unreadable_cue_is_rejected(speech: SpeechService) -> None:
    """R-EVT-19: it becomes a dead letter."""
    with pytest.raises(InvalidMessage):
        deliver(speech, "", content=b"{}")
