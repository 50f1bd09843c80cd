"""Text-to-speech with the voices of Microsoft Edge's "Read aloud", by the library edge-tts.

Its service is for Edge, without a contract: it may stop working any day. Then captions and a sound
remain. Proxies are those of `HTTPS_PROXY`.
"""

import asyncio
import socket
import time
from collections.abc import Mapping
from typing import Any, Final

import aiohttp
import structlog
from aiohttp.abc import AbstractResolver, ResolveResult
from edge_tts import Communicate
from edge_tts.exceptions import EdgeTTSException

from adapters.circuit_breaker import CircuitOpen, circuit_breaker
from application.speech import SpeechUnavailable

logger: Any = structlog.get_logger()

DEADLINE_S: Final = 5.0
"""A cue that arrives later is about a repetition that nobody remembers."""

OPEN_S: Final = 30.0
"""Seconds for which the circuit breaker stays open after three failures in a row."""

CLOSING_S: Final = 1.0
"""A connection that takes longer to close is left to the system."""

MOST_BYTES: Final = 256 * 1024
"""Over 40 seconds at 48 kbit/s; no spoken cue takes ten."""


class EdgeSynthesizer:
    """`application.speech.Synthesizer` on Edge's voices, as MP3 of 24 kHz and 48 kbit/s.

    `voices`: by language, such as `{"en": "en-US-EmmaMultilingualNeural"}`. `rate_percent`: how
    much faster than usual. `endpoint`: host and port to connect to instead of the service's own,
    which must present the service's certificate all the same.
    """

    def __init__(
        self,
        voices: Mapping[str, str],
        *,
        rate_percent: int = 0,
        endpoint: tuple[str, int] | None = None,
        deadline_s: float = DEADLINE_S,
        open_s: float = OPEN_S,
    ) -> None:
        self._voices = voices
        self._rate = f"{rate_percent:+d}%"
        self._endpoint = endpoint
        self._deadline_s = deadline_s
        self._guarded = circuit_breaker(open_s)

    @property
    def version(self) -> str:
        voices = ",".join(f"{language}={name}" for language, name in sorted(self._voices.items()))
        return f"edge {voices} {self._rate}"

    def synthesize(self, sentence: str, language: str) -> bytes:
        voice = self._voices.get(language)
        if voice is None:
            raise SpeechUnavailable(f"No voice is set for {language!r}.")
        try:
            with self._guarded():
                return asyncio.run(self._in_time(sentence, voice))
        except CircuitOpen as opened:
            raise SpeechUnavailable(
                "The speech service did not answer recent requests."
            ) from opened
        except (
            EdgeTTSException,
            aiohttp.ClientError,
            OSError,
            ValueError,
            LookupError,
            _CutOff,
        ) as failed:
            reason = type(failed).__name__
            logger.warning("speech.unavailable", reason=reason)
            raise SpeechUnavailable(f"The speech service is not available ({reason}).") from failed

    async def _in_time(self, sentence: str, voice: str) -> bytes:
        connector = self._connector()
        try:
            async with asyncio.timeout(self._deadline_s):
                return await self._spoken(sentence, voice, connector)
        finally:
            await connector.end()

    async def _spoken(self, sentence: str, voice: str, connector: "_Connector") -> bytes:
        """Receive all audio of a sentence.

        The library ends without an error if a connection is cut off amid the audio. It adds up the
        received bytes only at the end of a turn, so a sum that is too small reveals a cut.
        """
        asking = Communicate(sentence, voice, rate=self._rate, connector=connector)
        sound = bytearray()
        async for part in asking.stream():
            if part["type"] == "audio":
                sound += part.get("data", b"")
            if len(sound) > MOST_BYTES:
                raise ValueError("the sound of a sentence has no end")
        if asking.state["cumulative_audio_bytes"] != len(sound):
            raise _CutOff
        return bytes(sound)

    def _connector(self) -> "_Connector":
        if self._endpoint is None:
            return _Connector()
        return _Connector(_To(*self._endpoint))


class _CutOff(Exception):  # noqa: N818  never leaves this module
    """The sound broke off."""


class _Connector(aiohttp.TCPConnector):
    """Connector that stays open until its `end`, whatever a session does.

    The library closes it before its second try, which it makes if clocks differ; and if a try fails
    it leaves its connections open.
    """

    def __init__(self, resolver: AbstractResolver | None = None) -> None:
        opened: Any = self._opened  # the type of its argument is incomplete
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            resolver=resolver, use_dns_cache=False, socket_factory=opened
        )
        self._sockets: list[socket.socket] = []

    async def close(self, *, abort_ssl: bool = False) -> None:
        """Do nothing yet."""

    async def end(self) -> None:
        """Close all connections and wait for that: their event loop ends with them."""
        await super().close(abort_ssl=True)
        deadline = time.monotonic() + CLOSING_S
        while any(each.fileno() >= 0 for each in self._sockets):
            if time.monotonic() > deadline:
                break
            await asyncio.sleep(0.002)

    def _opened(self, address: Any) -> socket.socket:
        family, kind, protocol = address[:3]
        opened = socket.socket(family, kind, protocol)
        opened.setblocking(False)
        self._sockets.append(opened)
        return opened


class _To(AbstractResolver):
    """Resolver that returns one address for every name."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port

    async def resolve(
        self,
        host: str,
        port: int = 0,  # noqa: ARG002  another one is meant
        family: socket.AddressFamily = socket.AF_INET,
    ) -> list[ResolveResult]:
        addresses = await asyncio.get_running_loop().getaddrinfo(
            self._host, self._port, family=family, type=socket.SOCK_STREAM
        )
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=int(address[1]),
                family=kind,
                proto=proto,
                flags=socket.AI_NUMERICHOST,
            )
            for kind, _, proto, _, address in addresses
        ]

    async def close(self) -> None:
        """Do nothing: nothing was opened."""
