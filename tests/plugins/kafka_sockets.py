"""Pytest plug-in: Kafka clients close sockets that kafka-python leaves to the garbage collector.

kafka-python 3.0 leaves a socket open when its connection is refused, when the client is closed
while it connects, and when the client is closed before it has sent a request. The warning about it
fails whichever test runs by then.
"""

from typing import Any, Final, cast

import kafka.net.inet
import kafka.net.transport

factory: Final = cast("Any", kafka.net.inet).KafkaNetSocket
transport: Final = cast("Any", kafka.net.transport).KafkaTCPTransport
CONNECT: Final = factory.sock_connect
SEND: Final = transport._write_to_sock


def pytest_configure() -> None:
    """Let all Kafka clients of this process close what they do not connect or do not send."""
    factory.sock_connect = _sock_connect
    transport._write_to_sock = _write_to_sock


async def _sock_connect(factory: Any, net: Any, sock: Any, *rest: Any, **options: Any) -> Any:
    try:
        return await CONNECT(factory, net, sock, *rest, **options)
    except BaseException:  # a cancelled task raises GeneratorExit
        sock.close()
        raise


async def _write_to_sock(transport: Any) -> None:
    sock = transport._sock
    try:
        await SEND(transport)
    except GeneratorExit:  # the client was closed
        sock.close()
        raise
