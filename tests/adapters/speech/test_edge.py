"""The client of the Edge voices, against a peer that speaks their protocol."""

import io
from collections.abc import Iterator

import av
import pytest
from edge_tts.drm import DRM

from adapters.speech.edge import EdgeSynthesizer
from application.speech import SpeechUnavailable
from tests.peers.read_aloud import WORD_S, Mood, ReadAloudPeer, read_aloud_peer, tone

SENTENCE = "Don't stop: 3 m & <faster>."
VOICES = {"en": "en-US-EmmaMultilingualNeural"}


@pytest.fixture
def peer() -> Iterator[ReadAloudPeer]:
    with read_aloud_peer() as listening:
        yield listening


def voice(
    peer: ReadAloudPeer, *, open_s: float = 60, rate: int = 0, deadline_s: float = 60.0
) -> EdgeSynthesizer:
    return EdgeSynthesizer(
        VOICES,
        rate_percent=rate,
        endpoint=peer.address,
        deadline_s=deadline_s,
        open_s=open_s,
    )


def lasts_s(sound: bytes) -> float:
    with av.open(io.BytesIO(sound), "r") as file:
        samples = sum(int(frame.samples) for frame in file.decode(audio=0))
        return float(samples / file.streams.audio[0].rate)


def test_a_sentence_is_spoken_word_by_word(peer: ReadAloudPeer) -> None:
    """R-LIV-16"""
    sound = voice(peer, rate=15).synthesize(SENTENCE, "en")
    words = len(SENTENCE.split())
    assert sound == tone(words)
    assert lasts_s(sound) == pytest.approx(words * WORD_S, abs=0.2)
    name = "Microsoft Server Speech Text to Speech Voice (en-US, EmmaMultilingualNeural)"
    assert peer.spoken == [(name, "+15%", SENTENCE)]


def test_a_wrong_clock_is_corrected_by_the_service(peer: ReadAloudPeer) -> None:
    peer.ahead_s = 7200.0
    assert voice(peer).synthesize(SENTENCE, "en")
    assert peer.connections == 2
    assert pytest.approx(7200, abs=60) == DRM.clock_skew_seconds
    assert voice(peer).synthesize(SENTENCE, "en")
    assert peer.connections == 3


@pytest.mark.parametrize(
    "mood", ["refuses", "hangs", "cuts off", "says nothing", "babbles", "never ends"]
)
def test_an_incomplete_sentence_is_an_outage(peer: ReadAloudPeer, mood: Mood) -> None:
    """R-EVT-20: the voice is used again after an outage."""
    speaking = voice(peer, deadline_s=1.0)
    peer.mood = mood
    with pytest.raises(SpeechUnavailable):
        speaking.synthesize(SENTENCE, "en")
    peer.mood = "speaks"
    speaking._deadline_s = 60.0
    assert speaking.synthesize(SENTENCE, "en")


def test_a_failing_service_is_not_called_for_a_while(peer: ReadAloudPeer) -> None:
    """R-EVT-20"""
    speaking = voice(peer)
    peer.mood = "refuses"
    for _ in range(6):
        with pytest.raises(SpeechUnavailable):
            speaking.synthesize(SENTENCE, "en")
    assert peer.connections == 3
    soon = voice(peer, open_s=0.0)
    for _ in range(3):
        with pytest.raises(SpeechUnavailable):
            soon.synthesize(SENTENCE, "en")
    peer.mood = "speaks"
    assert soon.synthesize(SENTENCE, "en")


def test_only_the_service_receives_a_sentence() -> None:
    """Another endpoint must present the service's own certificate."""
    with read_aloud_peer(believed=False) as stranger:
        with pytest.raises(SpeechUnavailable, match="Certificate"):
            voice(stranger).synthesize(SENTENCE, "en")
        assert stranger.connections == 0


def test_another_voice_or_rate_changes_the_version() -> None:
    speaking = [
        EdgeSynthesizer(VOICES),
        EdgeSynthesizer(VOICES, rate_percent=10),
        EdgeSynthesizer({"en": "en-GB-SoniaNeural"}),
        EdgeSynthesizer(VOICES | {"de": "de-DE-KatjaNeural"}),
    ]
    assert len({each.version for each in speaking}) == len(speaking)


def test_a_language_without_a_voice_is_not_spoken() -> None:
    with pytest.raises(SpeechUnavailable, match="'fr'"):
        EdgeSynthesizer(VOICES).synthesize("Plus bas", "fr")
