"""Sets of which workers know more, or less, than an API process."""

import pytest

from application.live.replies import LiveReply
from application.live.worker_transport import ChunkRefused
from tests.application.live.composition import Composition, play, send
from tests.live.chunks import take
from tests.live.session_fixture import KEY


def test_a_set_whose_frames_workers_refuse_does_not_keep_a_session_open() -> None:
    """R-LIV-10: the session ends without it."""

    async def scene(composition: Composition) -> None:
        service, first = await composition.service(), take("s")
        await send(service, first)
        lunge = take("s", number=2, after=len(first), offset_s=90.0)[0]
        composition.broker.working = False
        composition.broker.hear(LiveReply.rejected(KEY, lunge.message, ZeroDivisionError()))
        with pytest.raises(ChunkRefused):
            await send(service, [lunge])
        assert service.latest_set(KEY) == 1

    play(scene)


def test_a_first_set_whose_frames_workers_refuse_later_is_no_set() -> None:
    """R-LIV-10: unlike a session that this process has not heard of."""

    async def scene(composition: Composition) -> None:
        service, first = await composition.service(), take("s")[0]
        assert service.latest_set(KEY) is None
        composition.broker.working = False
        await send(service, [first])
        assert service.latest_set(KEY) == 1
        composition.broker.hear(LiveReply.rejected(KEY, first.message, ZeroDivisionError()))
        assert service.latest_set(KEY) == 0

    play(scene)


def test_a_new_process_accepts_the_next_set_while_workers_are_behind() -> None:
    """R-LIV-10: it has not heard of the set before, and the log does not have it yet."""

    async def scene(composition: Composition) -> None:
        composition.broker.working = False
        first = take("s")
        await send(await composition.service(), first)
        second = take("s", number=2, after=len(first), offset_s=90.0)
        answers = await send(await composition.service(), second[:2])
        assert answers[-1].result.acknowledged == len(first) + 2

    play(scene)
