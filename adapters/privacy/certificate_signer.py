"""Signer of certificates and exports: ECDSA on P-256, with keys that are never deleted."""

import json
from collections.abc import Mapping
from typing import Any, Final, cast

import sqlalchemy as sa
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from adapters.privacy.database import PrivacyDatabase
from adapters.privacy.tables import CERTIFICATE_KEY
from adapters.sql.inserts import add_once
from application.kernel.encryption import Kms
from application.kernel.ports import Clock
from application.privacy.erasure_certificate import InvalidCertificate
from domain.ids import DEFAULT_TENANT

ALGORITHM: Final = "ES256"
ERASURE: Final = "erasure+jws"
EXPORT: Final = "export+jws"
"""Types of signatures, so that one of another kind is not accepted."""


class JoseCertificates:
    """Implements `CertificateSigner` with keys in a table; creates the first one.

    `kind` is the type of what it signs; all kinds have the same keys.

    Private keys are wrapped by the KMS for the tenant `default`; public keys are stored with them.
    """

    def __init__(
        self, database: PrivacyDatabase, kms: Kms, clock: Clock, kind: str = ERASURE
    ) -> None:
        self._database = database
        self._kind = kind
        self._kms = kms
        self._clock = clock

    def sign(self, content: Mapping[str, Any]) -> str:
        key = self._signing()
        header = {"alg": ALGORITHM, "typ": self._kind, "kid": key.kid}
        payload = json.dumps(content, sort_keys=True, ensure_ascii=False).encode()
        return jws.serialize_compact(header, payload, key, algorithms=[ALGORITHM])

    def read(self, signature: str, keys: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        trusted = self.public_keys() if keys is None else keys
        try:
            key_set: Any = dict(trusted)
            signed = jws.deserialize_compact(
                signature, KeySet.import_key_set(key_set), algorithms=[ALGORITHM]
            )
            if signed.headers().get("typ") != self._kind:
                raise InvalidCertificate
            return cast("Mapping[str, Any]", json.loads(signed.payload))
        except (JoseError, ValueError, KeyError, TypeError) as refused:
            raise InvalidCertificate from refused

    def public_keys(self) -> Mapping[str, Any]:
        return {"keys": [json.loads(row.public_key) for row in self._rows()]}

    def _signing(self) -> ECKey:
        rows = self._rows()
        if not rows:
            self._create_key()
            return self._signing()
        private = self._kms.unwrap(
            rows[0].wrapped, tenant_id=DEFAULT_TENANT, about=_about(rows[0].kid)
        )
        return ECKey.import_key(private, {"kid": rows[0].kid})

    def _create_key(self) -> None:
        key = ECKey.generate_key("P-256", auto_kid=True)
        kid = cast("str", key.kid)
        public = key.as_dict(private=False, kid=kid, use="sig", alg=ALGORITHM)
        private = key.as_der(private=True)
        row = {
            "kid": kid,
            "wrapped": self._kms.wrap(private, tenant_id=DEFAULT_TENANT, about=_about(kid)),
            "public_key": json.dumps(public),
            "made_at": self._clock(),
        }
        with self._database.of_platform() as connection:
            add_once(connection, CERTIFICATE_KEY, row)

    def _rows(self) -> list[Any]:
        newest = CERTIFICATE_KEY.c.made_at.desc(), CERTIFICATE_KEY.c.kid
        with self._database.of_platform() as connection:
            return list(connection.execute(sa.select(CERTIFICATE_KEY).order_by(*newest)).all())


def has_certificate_keys(database: PrivacyDatabase) -> bool:
    """Return whether there is a key of certificates, which the KMS has wrapped."""
    with database.of_platform() as connection:
        return bool(connection.execute(sa.select(sa.exists(CERTIFICATE_KEY.c.kid))).scalar_one())


def _about(kid: str) -> str:
    return f"#certificate-key {kid}"
