"""Two devices in one session: each frame counts once, whichever server takes it."""

import pytest

from application.live.chunk import FrameChunk, SessionKey
from application.live.replies import LiveReply
from tests.application.live.composition import Composition, play, send
from tests.live.chunks import take
from tests.live.session_fixture import KEY


def test_a_reply_to_another_devices_earlier_set_does_not_repeat_a_new_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """R-LIV-10: workers count the chunk, so its frames would count twice if it was sent again."""

    async def scene(composition: Composition) -> None:
        broker = composition.broker
        of_phone, of_laptop = await composition.service(), await composition.service()
        by_phone, by_laptop = composition.lines
        first, *rest = take("s", number=2, after=9, offset_s=60.0)
        await send(of_phone, take("s")[:9])
        by_phone.deaf = True
        await send(of_laptop, take("s")[9:10])
        by_phone.deaf = False

        async def request(key: SessionKey, message: FrameChunk, _within_s: float) -> LiveReply:
            broker.stream.append((key, message))
            of_same_number = by_laptop.answers[key, message.sequence]
            broker.hear(of_same_number)
            return of_same_number

        with monkeypatch.context() as patch:
            patch.setattr(by_phone, "request", request)
            (answer,) = await send(of_phone, [first])
        assert answer.result.acknowledged == 10
        answers = await send(of_phone, rest)
        assert (answers[-1].result.set, answers[-1].result.over) == (2, True)
        assert len(broker.stream) == 10 + 1 + len(rest)
        assert broker.sessions[KEY].feedback.repetitions == 4

    play(scene)
