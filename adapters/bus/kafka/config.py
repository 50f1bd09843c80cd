"""Kafka connection settings: plaintext inside one's own network, TLS otherwise."""

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from domain.kernel import Rejected

Mechanism = Literal["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"]


class KafkaAddressRefused(Rejected):
    """A Kafka user needs a password, and a password needs TLS."""

    code = "kafka.address_refused"
    kind = "invalid"


@dataclass(frozen=True)
class KafkaAddress:
    """Kafka's brokers, their certificate authority, and our credentials.

    `servers` is host:port, several separated by commas; as text, an address is that alone. With
    `tls` brokers present certificates for their host's name, signed by `ca` (PEM), by default by
    any authority that this machine trusts. `user` and `password` are our credentials (SASL);
    without them we do not authenticate. Raises KafkaAddressRefused.
    """

    servers: str
    tls: bool = False
    ca: Path | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    mechanism: Mechanism = "SCRAM-SHA-512"
    context: ssl.SSLContext | None = field(init=False, repr=False, compare=False)
    """TLS context with host names checked; None for plaintext."""

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
        """The same settings as both clients, kafka-python and aiokafka, want them."""
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
"""An address, or its servers alone for plaintext."""


def address_of(kafka: Kafka) -> KafkaAddress:
    """Convert servers to an address."""
    return KafkaAddress(kafka) if isinstance(kafka, str) else kafka
