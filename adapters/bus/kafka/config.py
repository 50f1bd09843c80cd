"""Where Kafka is, and how it is spoken to: in clear within one's own walls, else by TLS."""

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from domain.kernel import Rejected

Mechanism = Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"]


class KafkaAddressRefused(Rejected):
    """A password travels over TLS only, and a user has one."""

    code = "kafka.address_refused"
    kind = "invalid"


@dataclass(frozen=True)
class KafkaAddress:
    """Kafka's brokers, whom they are known by, and who we are there.

    `servers` is host:port, several separated by commas; shown as text, an address is that alone.
    With `tls` brokers show certificates for their host's name, from those who sign for `ca` (PEM),
    by default from anybody whom this machine trusts. `user` and `password` say who we are (SASL);
    without, nobody asks. Raises KafkaAddressRefused.
    """

    servers: str
    tls: bool = False
    ca: Path | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    mechanism: Mechanism = "SCRAM-SHA-512"
    context: ssl.SSLContext | None = field(init=False, repr=False, compare=False)
    """How TLS is spoken, with names checked; None in clear."""

    def __post_init__(self) -> None:
        if (self.user is None) != (self.password is None):
            raise KafkaAddressRefused("Kafka's user and password are set together.")
        if self.user is not None and not self.tls:
            raise KafkaAddressRefused("A password for Kafka travels over TLS only.")
        if self.ca is not None and not self.tls:
            raise KafkaAddressRefused("Kafka's certificate is set, but TLS is off.")
        object.__setattr__(self, "context", _trusting(self.ca) if self.tls else None)

    def __str__(self) -> str:
        return self.servers

    @property
    def options(self) -> dict[str, Any]:
        """The same as both clients, kafka-python and aiokafka, want it."""
        if self.context is None:
            return {}
        if self.user is None:
            return {"security_protocol": "SSL", "ssl_context": self.context}
        return {
            "security_protocol": "SASL_SSL",
            "ssl_context": self.context,
            "sasl_mechanism": self.mechanism,
            "sasl_plain_username": self.user,
            "sasl_plain_password": self.password,
        }


def _trusting(ca: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca)
    except OSError as unreadable:  # ssl.SSLError is one
        raise KafkaAddressRefused(f"Kafka's certificate {ca} cannot be read.") from unreadable


Kafka = KafkaAddress | str
"""An address, or its servers where Kafka is spoken to in clear."""


def address_of(kafka: Kafka) -> KafkaAddress:
    """Read servers as an address of their own."""
    return KafkaAddress(kafka) if isinstance(kafka, str) else kafka
