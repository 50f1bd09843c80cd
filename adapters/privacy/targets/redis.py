"""What Redis holds of Kinelog: copies, all of which can be made again."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any, Final, cast

import redis

from adapters.cache.redis import PREFIX as ANSWERS
from application.kernel.ports import StorageUnavailable
from application.privacy.pii_scan import Part
from application.privacy.pii_terms import TermMatcher
from application.privacy.subject_data import SubjectData
from domain.erasures.events import Step

OURS: Final = "kinelog:*"
PAGE: Final = 500


@dataclass(frozen=True)
class RedisKeys:
    """A `Place`: every key of ours with all of its content."""

    name: str
    url: str

    def parts(self) -> Iterator[Part]:
        with _client(self.url) as client:
            for key in client.scan_iter(OURS, count=PAGE):
                yield Part(key.decode(errors="replace"), _content(client, key))


@dataclass(frozen=True)
class RedisTraces:
    """Kept answers, whosever they are, and each key that names the person or their sessions.

    An answer's name tells nothing of whose it is; all of them can be made again.
    """

    url: str
    step: Step = "caches"

    def count(self, whose: SubjectData) -> int:
        with _client(self.url) as client:
            return sum(1 for _ in self._theirs(client, whose))

    def remove(self, whose: SubjectData) -> int:
        with _client(self.url) as client:
            return sum(client.unlink(key) for key in self._theirs(client, whose))

    def _theirs(self, client: Any, whose: SubjectData) -> Iterator[bytes]:
        matcher = TermMatcher(whose.terms)
        ids = [each.encode() for each in (whose.user_id, *whose.sessions, *whose.recordings)]
        for key in client.scan_iter(OURS, count=PAGE):
            if key.startswith(ANSWERS.encode()):
                yield key
                continue
            content = b"\n".join([key, *_content(client, key)])
            if any(each in content for each in ids) or matcher.search([content])[0]:
                yield key


def _content(client: Any, key: bytes) -> Iterator[bytes]:
    """Read a key of any type; one that has gone meanwhile is empty."""
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
    except redis.RedisError as away:
        raise StorageUnavailable(f"Redis cannot be reached: {type(away).__name__}.") from away
