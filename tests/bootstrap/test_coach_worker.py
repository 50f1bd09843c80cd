"""The coach worker as a process on a running Kafka."""

import time
from pathlib import Path

from adapters.bus.kafka.bus import KafkaBus
from application.kernel.bus import Message
from application.kernel.topics import COACH_WORKER
from tests.live.site import Site, kafka_with_topics

WITHIN_S = 120.0


def test_the_coach_worker_follows_the_cues(tmp_path: Path) -> None:
    """R-EVT-09: `kinelog worker coach` reads `cue.make`; an unreadable cue is a dead letter."""
    with kafka_with_topics() as kafka:
        site = Site(None, kafka.bootstrap, tmp_path)
        with site.run("worker", "coach") as result:
            assert result == {"state": "coaching"}
            bus = KafkaBus(kafka.bootstrap)
            bus.publish([Message("cue.make", "gym/s-1", b"no cue")])
            deadline = time.monotonic() + WITHIN_S
            letters = list(bus.read(COACH_WORKER.dead_letters))
            while not letters:
                assert time.monotonic() < deadline, "the cue was not read"
                letters = list(bus.read(COACH_WORKER.dead_letters))
            bus.close()
    (letter,) = letters
    assert letter.message.value == b"no cue"
