"""Invalidation of copies in Amazon CloudFront (API 2020-05-31, CreateInvalidation)."""

from collections.abc import Sequence
from typing import Any, Final, cast

import boto3  # type: ignore[import-untyped]  # no type stubs; used only here
from botocore.config import Config  # type: ignore[import-untyped]  # as boto3
from botocore.exceptions import (  # type: ignore[import-untyped]  # as boto3
    BotoCoreError,
    ClientError,
)

from application.content.cdn import CdnUnavailable

SETTINGS: Final = Config(
    connect_timeout=3, read_timeout=10, retries={"mode": "standard", "max_attempts": 3}
)


class CloudFront:
    """Implements `Cdn` for one distribution. Thread-safe.

    Credentials and endpoint come from the environment, as AWS documents.
    """

    def __init__(self, distribution: str) -> None:
        self._distribution = distribution
        self._client: Any = cast("Any", boto3).client(
            "cloudfront", region_name="us-east-1", config=SETTINGS
        )

    def invalidate(self, paths: Sequence[str], reference: str) -> None:
        """Request an invalidation. CloudFront repeats none with the same reference."""
        batch = {
            "Paths": {"Quantity": len(paths), "Items": list(paths)},
            "CallerReference": reference,
        }
        try:
            self._client.create_invalidation(
                DistributionId=self._distribution, InvalidationBatch=batch
            )
        except ClientError as refused:
            code = str(cast("Any", refused).response["Error"]["Code"])
            raise CdnUnavailable(f"CloudFront refused the invalidation: {code}.") from refused
        except BotoCoreError as failed:
            raise CdnUnavailable("CloudFront cannot be reached.") from failed
