"""The intent worker as a process on a running Kafka."""

import json
import time
from pathlib import Path

import pytest

from adapters.bus.kafka.bus import KafkaBus
from application.kernel.bus import Message
from application.kernel.topics import NLP_REPLY
from tests.live.site import Site, kafka_with_topics

WITHIN_S = 120.0


@pytest.mark.slow
def test_speech_on_the_bus_is_answered_on_the_bus(tmp_path: Path) -> None:
    """R-POS-04, R-EVT-09: `kinelog worker nlp`."""
    request = {"id": "q-1", "tenant_id": "gym", "text": "pause please"}
    with kafka_with_topics() as kafka:
        site = Site(None, kafka.bootstrap, tmp_path)
        with site.run("worker", "nlp") as result:
            assert result == {"state": "listening"}
            bus = KafkaBus(kafka.bootstrap)
            bus.publish([Message("nlp.intent", "gym/s-1", json.dumps(request).encode())])
            deadline = time.monotonic() + WITHIN_S
            replies = list(bus.read(NLP_REPLY.name))
            while not replies:
                assert time.monotonic() < deadline, "nobody answered"
                replies = list(bus.read(NLP_REPLY.name))
            bus.close()
    (reply,) = replies
    result = json.loads(reply.message.value or b"")
    assert (result["id"], result["intent"], result["confidence"]) == ("q-1", "pause", 1.0)
