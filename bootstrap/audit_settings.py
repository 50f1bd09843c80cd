"""Settings of the audit of the event log."""

from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings


class AuditSettings(BaseSettings):
    """The part of `Settings` that concerns daily anchors."""

    anchors: str = Field(
        default="",
        description="Where the daily job stores signed anchors of the log: a folder, such as a"
        " mounted write-once volume, or s3://bucket/prefix of a bucket with Object Lock, at the"
        " server of KINELOG_S3_ENDPOINT and with its key. By default the folder anchors in the"
        " data folder.",
    )
    anchor_retention_days: Annotated[int, Field(ge=1, le=36_500)] = Field(
        default=3650, description="Days for which anchors in a bucket are locked."
    )
