"""Client of the transcription endpoint: phrases, refusals, outages, and answers of other forms."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from adapters.content.speech_parts import RATE, encode_mp3
from adapters.content.transcription_api import TranscriptionApi
from adapters.health_checks.speech_recognition import speech_recognition
from application.content.speech_recognition import (
    RecognitionUnreadable,
    SoundTooLong,
    SoundUnreadable,
    SpeechRecognitionUnavailable,
)
from application.operations.readiness import Degraded
from domain.content.caption_cues import Phrase
from domain.kernel import Rejected
from tools.payments.simulator import Call, Fault, Reply
from tools.speech.recognizer_simulator import SCRIPT, RecognizerSimulator


@pytest.fixture
def service() -> Iterator[RecognizerSimulator]:
    with RecognizerSimulator() as simulator:
        yield simulator


@pytest.fixture
def client(service: RecognizerSimulator) -> TranscriptionApi:
    return TranscriptionApi(service.url, service.model, service.key, deadline_s=10, open_s=60)


def sound(seconds: float, volume: float = 0.2) -> bytes:
    samples = volume * 32_767 * np.sin(np.arange(round(seconds * RATE)) / 5)
    return encode_mp3(samples.astype(np.int16))


def answers(service: RecognizerSimulator, status: int, content: Any) -> Callable[[Call], Reply]:
    """Let the service give one answer to every call."""
    reply = Reply(status, content if isinstance(content, bytes) else json.dumps(content).encode())
    service.answer = lambda call: reply  # type: ignore[method-assign]  # this object's only
    return service.answer


def test_speech_becomes_phrases_with_their_times(
    service: RecognizerSimulator, client: TranscriptionApi
) -> None:
    """R-UIX-07"""
    found = client.recognize(sound(9), "es")
    assert [each.text.strip() for each in found] == list(SCRIPT["es"][:3])
    assert found[0] == Phrase(0.0, 3.5, f" {SCRIPT['es'][0]}")
    assert found[1].start_s == 4.0
    (heard,) = service.heard
    assert (heard.language, heard.model) == ("es", service.model)
    assert heard.seconds == pytest.approx(9, abs=0.2)


def test_phrases_that_were_invented_for_silence_are_left_out(
    service: RecognizerSimulator, client: TranscriptionApi
) -> None:
    assert client.recognize(sound(9, volume=0.0), "en") == []
    assert len(service.heard) == 1


@pytest.mark.parametrize("content", [b"no sound at all", b"", sound(0.01)[:40]])
def test_a_sound_that_cannot_be_decoded_is_refused(
    client: TranscriptionApi, content: bytes
) -> None:
    with pytest.raises(SoundUnreadable):
        client.recognize(content, "en")


def test_a_sound_that_is_too_large_is_refused(client: TranscriptionApi) -> None:
    with pytest.raises(SoundTooLong):
        client.recognize(bytes(26 * 2**20), "en")


@pytest.mark.parametrize("fault", ["lost_request", "lost_answer", "down"])
def test_an_outage_passes(
    service: RecognizerSimulator, client: TranscriptionApi, fault: Fault
) -> None:
    service.faults.append(fault)
    with pytest.raises(SpeechRecognitionUnavailable):
        client.recognize(sound(1), "en")
    assert client.recognize(sound(1), "en") != []


def test_a_service_that_fails_three_times_is_left_alone(
    service: RecognizerSimulator, client: TranscriptionApi
) -> None:
    """R-EVT-20"""
    service.faults.extend(["down"] * 3)
    for _ in range(4):
        with pytest.raises(SpeechRecognitionUnavailable):
            client.recognize(sound(1), "en")
    assert not service.faults
    assert service.heard == []


def test_refusals_of_sounds_do_not_open_the_circuit(client: TranscriptionApi) -> None:
    for _ in range(4):
        with pytest.raises(SoundUnreadable):
            client.recognize(b"noise", "en")
    assert client.recognize(sound(1), "en") != []


def test_wrong_settings_are_an_outage_and_no_fault_of_the_sound(
    service: RecognizerSimulator,
) -> None:
    for model, key in (("other", service.key), (service.model, "other"), (service.model, None)):
        api = TranscriptionApi(service.url, model, key)
        with pytest.raises(SpeechRecognitionUnavailable):
            api.recognize(sound(1), "en")


def test_a_quota_that_is_used_up_is_an_outage(
    service: RecognizerSimulator, client: TranscriptionApi
) -> None:
    service.calls_left = 1
    client.recognize(sound(1), "en")
    with pytest.raises(SpeechRecognitionUnavailable):
        client.recognize(sound(1), "en")
    service.calls_left = None
    assert client.recognize(sound(1), "en") != []


def test_probabilities_that_a_service_does_not_know_leave_a_segment_in(
    service: RecognizerSimulator, client: TranscriptionApi
) -> None:
    segment = {"start": 0, "end": 1, "text": "Down.", "no_speech_prob": None}
    answers(service, 200, {"text": "Down.", "segments": [{**segment, "avg_logprob": None}]})
    assert client.recognize(sound(1), "en") == [Phrase(0.0, 1.0, "Down.")]
    answers(service, 200, {"text": "Down.", "segments": [{**segment, "avg_logprob": -1.4}]})
    assert client.recognize(sound(1), "en") == [Phrase(0.0, 1.0, "Down.")]


@pytest.mark.parametrize("content", [{"text": ""}, {"text": " ", "segments": None}])
def test_an_answer_without_text_needs_no_segments(
    service: RecognizerSimulator, client: TranscriptionApi, content: Any
) -> None:
    answers(service, 200, content)
    assert client.recognize(sound(1), "en") == []


@pytest.mark.parametrize(
    "content",
    [
        {"text": "Down."},
        {"text": "Down.", "segments": None},
        {},
        {"segments": [{"start": 0, "end": 1}]},
        {"segments": [{"start": -1, "end": 1, "text": "Down."}]},
        {"segments": [{"start": 0, "end": 1, "text": "x" * 10_001}]},
        b"<!doctype html>",
        b'{"segments": [{"start": NaN, "end": 1, "text": "Down."}]}',
        b" " * 4_000_001,
    ],
)
def test_an_answer_of_another_form_is_refused(
    service: RecognizerSimulator, client: TranscriptionApi, content: Any
) -> None:
    answers(service, 200, content)
    with pytest.raises(RecognitionUnreadable):
        client.recognize(sound(1), "en")


def test_an_answer_that_is_cut_off_is_refused(
    service: RecognizerSimulator, client: TranscriptionApi
) -> None:
    service.broken = 1
    with pytest.raises(RecognitionUnreadable):
        client.recognize(sound(1), "en")
    assert client.recognize(sound(1), "en") != []


@pytest.mark.parametrize(
    ("status", "content", "refusal"),
    [
        (400, {"error": {"param": "file"}}, SoundUnreadable),
        (422, {"detail": "no sound"}, SoundUnreadable),
        (400, {"error": {"param": "response_format"}}, SpeechRecognitionUnavailable),
        (404, b"", SpeechRecognitionUnavailable),
        (302, b"", SpeechRecognitionUnavailable),
        (500, b"", SpeechRecognitionUnavailable),
    ],
)
def test_each_refusal_has_its_kind(
    service: RecognizerSimulator,
    client: TranscriptionApi,
    status: int,
    content: Any,
    refusal: type[Rejected],
) -> None:
    answers(service, status, content)
    with pytest.raises(refusal):
        client.recognize(sound(1), "en")


def test_a_segment_that_ends_before_it_begins_has_no_length(
    service: RecognizerSimulator, client: TranscriptionApi
) -> None:
    answers(service, 200, {"segments": [{"start": 2, "end": 1, "text": "Down."}]})
    assert client.recognize(sound(3), "en") == [Phrase(2.0, 2.0, "Down.")]


def test_the_health_check_tries_service_and_key(service: RecognizerSimulator) -> None:
    api = TranscriptionApi(service.url, service.model, service.key)
    assert "whisper-1" in speech_recognition(api).probe()
    with pytest.raises(Degraded, match="401"):
        speech_recognition(TranscriptionApi(service.url, service.model, "other")).probe()
    service.faults.append("lost_request")
    with pytest.raises(Degraded):
        speech_recognition(api).probe()
    assert "KINELOG_SPEECH_RECOGNITION_URL" in speech_recognition(None).probe()
