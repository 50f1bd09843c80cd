"""AWS KMS: a tenant's key never leaves it, and can be disabled there."""

from typing import Any, Final, cast

import boto3  # type: ignore[import-untyped]  # no type stubs; used only here
from botocore.config import Config  # type: ignore[import-untyped]  # as boto3
from botocore.exceptions import (  # type: ignore[import-untyped]  # as boto3
    BotoCoreError,
    ClientError,
)

from adapters.circuit_breaker import OPEN_S, CircuitOpen, circuit_breaker
from application.kernel.encryption import (
    KeyDisabled,
    KeyMissing,
    KeyRefused,
    KmsUnavailable,
)
from domain.ids import TenantId

REFUSALS: Final = frozenset({"InvalidCiphertextException", "IncorrectKeyException"})
"""Error codes for a key that was wrapped with another key or for another subject."""

REJECTIONS: Final = {
    "DisabledException": KeyDisabled,
    "KMSInvalidStateException": KeyDisabled,
    "NotFoundException": KeyMissing,
}
"""Error codes for a key that is disabled, is being deleted, or does not exist."""

SERVER_ERROR: Final = 500

SETTINGS: Final = Config(
    connect_timeout=3, read_timeout=5, retries={"mode": "standard", "max_attempts": 3}
)


class AwsKms:
    """Implements `Kms` on AWS. `key_id` names a tenant's key, such as `alias/kinelog-{tenant}`.

    Without `{tenant}`, all tenants share one key: disabling it is an outage (KmsUnavailable).

    Tenant and subject are the encryption context: KMS requires them for unwrapping, and logs them
    with every use. Credentials and region come from the environment, as AWS documents;
    `endpoint_url` is for a compatible service. Thread-safe. After three failures in a row, KMS is
    left alone for `open_s` seconds; a rejected key is none.
    """

    def __init__(
        self, key_id: str, *, endpoint_url: str | None = None, open_s: float = OPEN_S
    ) -> None:
        self._guarded = circuit_breaker(open_s, (ClientError, _is_rejection))
        self._key_id = key_id
        self._client: Any = cast("Any", boto3).client(
            "kms", endpoint_url=endpoint_url, config=SETTINGS
        )

    def wrap(self, key: bytes, *, tenant_id: TenantId, about: str) -> bytes:
        response = self._call("encrypt", tenant_id, about, Plaintext=key)
        return bytes(response["CiphertextBlob"])

    def unwrap(self, wrapped: bytes, *, tenant_id: TenantId, about: str) -> bytes:
        response = self._call("decrypt", tenant_id, about, CiphertextBlob=wrapped)
        return bytes(response["Plaintext"])

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _call(self, verb: str, tenant_id: TenantId, about: str, **content: bytes) -> dict[str, Any]:
        try:
            with self._guarded():
                response: dict[str, Any] = getattr(self._client, verb)(
                    KeyId=self._key_id.format(tenant=tenant_id),
                    EncryptionContext={"tenant": tenant_id, "about": about},
                    **content,
                )
        except ClientError as refused:
            code = str(cast("Any", refused).response["Error"]["Code"])
            if code in REFUSALS:
                raise KeyRefused from refused
            is_of_tenant = self._key_id.format(tenant=tenant_id) != self._key_id
            rejected = REJECTIONS.get(code, KmsUnavailable) if is_of_tenant else KmsUnavailable
            raise rejected(f"AWS KMS rejected the tenant's key: {code}.") from refused
        except (BotoCoreError, CircuitOpen) as error:
            raise KmsUnavailable("AWS KMS cannot be reached.") from error
        return response


def _is_rejection(error: Any) -> bool:
    """Return whether KMS replied that it does not do this, not that it failed."""
    status = int(error.response["ResponseMetadata"]["HTTPStatusCode"])
    return status < SERVER_ERROR
