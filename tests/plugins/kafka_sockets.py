"""Pytest plug-in: Kafka clients close the sockets of connections that they do not complete.

kafka-python 3.0 leaves a socket to the garbage collector when its connection is refused, or when
the client is closed while it connects. The warning about it fails whichever test runs by then.
"""

from typing import Any, Final, cast

import kafka.net.inet

library: Final = cast("Any", kafka.net.inet).KafkaNetSocket
CONNECT: Final = library.sock_connect


def pytest_configure() -> None:
    """Let all Kafka clients of this process close what they do not connect."""
    library.sock_connect = _sock_connect


async def _sock_connect(factory: Any, net: Any, sock: Any, *rest: Any, **options: Any) -> Any:
    try:
        return await CONNECT(factory, net, sock, *rest, **options)
    except BaseException:  # a cancelled task raises GeneratorExit
        sock.close()
        raise
