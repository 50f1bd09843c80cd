"""Erasure and PII scan targets in Redis, which holds only copies."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, Final, cast

import redis

from adapters.cache.redis import PREFIX as CACHE_PREFIX
from application.kernel.ports import StorageUnavailable
from application.privacy.pii_scan import IdMatcher, Part, TermMatcher
from application.privacy.subject_data import SubjectData
from domain.erasures.events import Step

KEYS: Final = "kinelog:*"
PAGE: Final = 500


@dataclass(frozen=True)
class RedisKeys:
    """Scan target: every key of Kinelog, with its content."""

    name: str
    url: str

    def parts(self) -> Iterator[Part]:
        with _client(self.url) as client:
            for key in client.scan_iter(KEYS, count=PAGE):
                yield Part(key.decode(errors="replace"), _content(client, key))


@dataclass(frozen=True)
class RedisTarget:
    """Erasure target: all cached responses, and keys that name the person or their sessions.

    A cache key does not reveal its user, so all cached responses are removed.
    """

    url: str
    step: Step = "caches"

    def count(self, subject: SubjectData) -> int:
        with _client(self.url) as client:
            return sum(1 for _ in self._find(client, subject))

    def remove(self, subject: SubjectData) -> int:
        with _client(self.url) as client:
            return sum(client.unlink(key) for key in self._find(client, subject))

    def _find(self, client: Any, subject: SubjectData) -> Iterator[bytes]:
        matcher = TermMatcher(subject.terms)
        ids = IdMatcher(subject)
        for key in client.scan_iter(KEYS, count=PAGE):
            if key.startswith(CACHE_PREFIX.encode()):
                yield key
                continue
            content = b"\n".join([key, *_content(client, key)])
            if ids.is_in(content) or matcher.search([content])[0]:
                yield key


def _content(client: Any, key: bytes) -> Iterator[bytes]:
    """Read a key of any type; a key deleted meanwhile is empty."""
    match client.type(key):
        case b"string":
            yield client.get(key) or b""
        case b"hash":
            yield from (part for pair in client.hscan_iter(key) for part in pair)
        case b"set":
            yield from client.sscan_iter(key)
        case b"zset":
            yield from (member for member, _ in client.zscan_iter(key))
        case b"list":
            yield from client.lrange(key, 0, -1)
        case b"stream":
            for _, fields in client.xrange(key):
                yield from _flat(fields.items())
        case _:
            return


def _flat(pairs: Iterable[tuple[bytes, bytes]]) -> Iterator[bytes]:
    for name, value in pairs:
        yield name
        yield value


@contextmanager
def _client(url: str) -> Generator[Any]:
    try:
        with closing(cast("Any", redis.Redis).from_url(url)) as client:
            yield client
    except redis.RedisError as error:
        raise StorageUnavailable(f"Redis is unavailable: {type(error).__name__}.") from error
