"""A message that nobody can work is put aside with the reason, and the partition goes on."""

from collections.abc import Awaitable, Iterable
from typing import Any, Final, cast
from uuid import UUID, uuid5

from faust.types.tuples import Message

from domain.kernel import Rejected
from streams.following import FollowingApp

NAMESPACE: Final = UUID("0192f0c4-5d1e-7c3a-9a44-6b1f3e2d8c03")
"""Ids of dead letters live here: the same message put aside twice has one id."""


class Unworkable(Rejected):
    """The worker failed on this message in a way that nobody foresaw."""

    code = "worker.unworkable"


async def dead_letter(
    app: FollowingApp, topic: str, message: Message, refused: Rejected
) -> Awaitable[Any]:
    """Send a message aside as it came, its own headers before ours.

    Ours: `id`; `dead-letter-reason`, the refusal's code; `dead-letter-detail`, its sentence; and
    `dead-letter-origin`, `topic/partition/offset` of where it came from.
    """
    origin = f"{message.topic}/{message.partition}/{message.offset}"
    told = {
        "id": str(uuid5(NAMESPACE, origin)),
        "dead-letter-reason": refused.code,
        "dead-letter-detail": refused.detail,
        "dead-letter-origin": origin,
    }
    own = cast("Iterable[tuple[str, bytes]]", message.headers or ())
    headers = [*own, *((name, text.encode()) for name, text in told.items())]
    return await app.publish(topic, message.key, message.value, headers=headers)
