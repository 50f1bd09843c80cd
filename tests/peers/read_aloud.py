"""A speech service with the protocol of Edge's "Read aloud": words become a tone as MP3."""

import asyncio
import io
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.utils import format_datetime
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Literal
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import av
import numpy as np
from edge_tts import communicate
from edge_tts.drm import DRM, generate_sec_ms_gec_v2
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from tests.certificates import certificate

HOST: Final = "speech.platform.bing.com"
PATH: Final = "/consumer/speech/synthesize/readaloud/edge/v1"
RATE: Final = 24_000
WORD_S: Final = 0.3
CHUNK: Final = 720
"""Bytes of audio in a message; the real service sends as few."""

SPEAK: Final = "{http://www.w3.org/2001/10/synthesis}"

Mood = Literal["speaks", "refuses", "hangs", "cuts off", "says nothing", "babbles", "never ends"]


class ReadAloudPeer:
    """Its behavior by `mood`, the requested sentences, and the offset of its clock."""

    def __init__(self) -> None:
        self.mood: Mood = "speaks"
        self.ahead_s = 0.0
        self.endpoint = ""
        self.connections = 0
        self.spoken: list[tuple[str, str, str]] = []
        """Voice, rate and words, in the order of the requests."""

    @property
    def words(self) -> list[str]:
        return [words for _, _, words in self.spoken]

    @property
    def address(self) -> tuple[str, int]:
        host, _, port = self.endpoint.rpartition(":")
        return host, int(port)

    def admit(self, connection: ServerConnection, request: Request) -> Response | None:
        """Accept the token of the current five minutes, by the clock of this machine."""
        del connection
        self.connections += 1
        now = datetime.now(UTC).timestamp() + self.ahead_s
        date = format_datetime(datetime.fromtimestamp(now, UTC), usegmt=True)
        url = urlsplit(request.path)
        token = parse_qs(url.query).get("Sec-MS-GEC")
        if self.mood == "refuses":
            return Response(503, "Service Unavailable", Headers({"Date": date}), b"")
        valid = {generate_sec_ms_gec_v2(now - behind_s) for behind_s in (0, 300)}
        if url.path != PATH or token is None or token[0] not in valid:
            return Response(403, "Forbidden", Headers({"Date": date}), b"")
        return None

    async def talk(self, line: ServerConnection) -> None:
        """Receive a sentence, and send its audio."""
        config = _read(await line.recv())
        assert config[0]["Path"] == "speech.config"
        wanted = json.loads(config[1])["context"]["synthesis"]["audio"]
        assert wanted["outputFormat"] == "audio-24khz-48kbitrate-mono-mp3"
        headers, ssml = _read(await line.recv())
        assert headers["Path"] == "ssml"
        voice, rate, words = _of(ssml)
        self.spoken.append((voice, rate, words))
        if self.mood == "hangs":
            await line.wait_closed()
            return
        with suppress(ConnectionError):
            await self._speak(line, headers["X-RequestId"], words)

    async def _speak(self, line: ServerConnection, request: str, words: str) -> None:
        async def tell(path: str, content: str) -> None:
            kind = "application/json; charset=utf-8"
            await line.send(
                f"X-RequestId:{request}\r\nContent-Type:{kind}\r\nPath:{path}\r\n\r\n{content}"
            )

        await tell("turn.start", json.dumps({"context": {"serviceTag": request}}))
        await tell("response", json.dumps({"context": {"serviceTag": request}}))
        if self.mood == "babbles":
            await tell("weather", "{}")
        sound = b"" if self.mood == "says nothing" else tone(len(words.split()))
        parts = [sound[at : at + CHUNK] for at in range(0, len(sound), CHUNK)]
        if self.mood == "cuts off":
            parts = parts[: len(parts) // 2]
        for part in parts:
            await line.send(_sound(request, "Content-Type:audio/mpeg\r\n", part))
        while self.mood == "never ends":
            await line.send(_sound(request, "Content-Type:audio/mpeg\r\n", bytes(CHUNK)))
        if self.mood == "cuts off":
            return
        span = {"Offset": 1_000_000, "Duration": 5_000_000}
        boundary = {"text": {"Text": words, "Length": len(words), "BoundaryType": "Sentence"}}
        metadata = [{"Type": "SentenceBoundary", "Data": span | boundary}]
        await tell("audio.metadata", json.dumps({"Metadata": metadata}))
        await line.send(_sound(request, "", b""))
        await tell("turn.end", "{}")
        await line.wait_closed()


def _sound(request: str, kind: str, content: bytes) -> bytes:
    headers = f"X-RequestId:{request}\r\n{kind}X-StreamId:1\r\nPath:audio\r\n".encode()
    return len(headers).to_bytes(2, "big") + headers + content


def _read(message: str | bytes) -> tuple[dict[str, str], str]:
    assert isinstance(message, str)
    head, _, content = message.partition("\r\n\r\n")
    return dict(line.split(":", 1) for line in head.split("\r\n")), content


def _of(ssml: str) -> tuple[str, str, str]:
    voice = ET.fromstring(ssml).find(f"{SPEAK}voice")  # noqa: S314  of our own client
    assert voice is not None
    prosody = voice.find(f"{SPEAK}prosody")
    assert prosody is not None
    return voice.attrib["name"], prosody.attrib["rate"], "".join(prosody.itertext())


@cache
def tone(words: int) -> bytes:
    """Return a tone as long as a number of words, as MP3 of 24 kHz and 48 kbit/s."""
    samples = int(RATE * WORD_S * words)
    wave = np.sin(2 * np.pi * 220 * np.arange(samples) / RATE) * 8000
    file = io.BytesIO()
    with av.open(file, "w", format="mp3") as written:
        stream: Any = written.add_stream("libmp3lame", rate=RATE)
        stream.bit_rate, stream.layout, stream.format = 48_000, "mono", "s16p"
        frame = av.AudioFrame.from_ndarray(wave.astype(np.int16)[None], "s16p", "mono")
        frame.sample_rate, frame.time_base = RATE, Fraction(1, RATE)
        for packet in (*stream.encode(frame), *stream.encode(None)):
            written.mux(packet)
    return file.getvalue()


@cache
def _papers(believed: bool) -> ssl.SSLContext:  # noqa: FBT001  once for each
    """Create the service's certificate, once: its client uses the first one under a name."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:
        key, shown = certificate(Path(folder), HOST)
        tls.load_cert_chain(shown, key)
        if believed:
            communicate._SSL_CTX.load_verify_locations(shown)
    return tls


@contextmanager
def read_aloud_peer(*, believed: bool = True) -> Iterator[ReadAloudPeer]:
    """Listen on a free port; `believed`: with a certificate that clients here trust."""
    peer, ready, over = ReadAloudPeer(), threading.Event(), asyncio.Event()
    tls = _papers(believed)
    loop = asyncio.new_event_loop()

    async def listen() -> None:
        server: Server
        async with serve(
            peer.talk, "127.0.0.1", 0, ssl=tls, process_request=peer.admit, close_timeout=0.1
        ) as server:
            host, port = next(iter(server.sockets)).getsockname()
            peer.endpoint = f"{host}:{port}"
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(listen(),))
    thread.start()
    assert ready.wait(timeout=60)
    try:
        yield peer
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(timeout=60)
        loop.close()
        DRM.clock_skew_seconds = 0.0
