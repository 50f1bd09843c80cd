"""Settings of uploads, and of the storage of media."""

from typing import Annotated, Final

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings

from application.analysis.quotas import UploadQuota
from application.content.quotas import GIBIBYTE, ContentLimits

MEBIBYTE: Final = 1024 * 1024


MIN_SECRET_LENGTH: Final = 16


def _require_word(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()  # S3 servers send spaces as other characters
    if len(text) < MIN_SECRET_LENGTH or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError(f"Use at least {MIN_SECRET_LENGTH} letters and digits, without spaces.")
    return secret


class MediaSettings(BaseSettings):
    """The part of the settings that is about media."""

    max_upload_mb: Annotated[int, Field(ge=1, le=65_536)] = Field(
        default=512, description="The largest video that may be uploaded, in MiB."
    )
    max_waiting_videos_per_user: Annotated[int, Field(ge=1)] = Field(
        default=10, description="Uploaded videos of one user that may wait for their analysis."
    )
    max_waiting_videos_per_tenant: Annotated[int, Field(ge=1)] = Field(
        default=200, description="Uploaded videos of one tenant that may wait for their analysis."
    )
    max_daily_upload_mb_per_user: Annotated[int, Field(ge=1)] = Field(
        default=5_120, description="MiB of videos that one user may upload in 24 hours."
    )
    max_daily_upload_mb_per_tenant: Annotated[int, Field(ge=1)] = Field(
        default=102_400, description="MiB of videos that one tenant may upload in 24 hours."
    )
    max_video_minutes: Annotated[int, Field(ge=1, le=1440)] = Field(
        default=60, description="The longest video that is analyzed, in minutes."
    )
    decoder_memory_mb: Annotated[int, Field(ge=512, le=65_536)] = Field(
        default=1536,
        description="Address space in MiB of the child process that decodes a video; one that"
        " needs more is refused.",
    )
    max_content_mb: Annotated[int, Field(ge=1, le=5_242_880)] = Field(
        default=20_480, description="The largest video that a trainer may upload, in MiB."
    )
    max_content_gb_per_trainer: Annotated[int, Field(ge=1)] = Field(
        default=200, description="GiB of all videos that a trainer has uploaded."
    )
    max_content_gb_per_tenant: Annotated[int, Field(ge=1)] = Field(
        default=2_000, description="GiB of all videos that the trainers of a tenant have uploaded."
    )
    clamd: str | None = Field(
        default=None,
        pattern=r"^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}$",
        description="The virus scanner for videos of trainers, ClamAV's clamd: host:port.",
    )
    virus_definitions_days: Annotated[int, Field(ge=1, le=365)] = Field(
        default=7,
        description="Days after which the virus definitions of the scanner are too old to let a"
        " video pass.",
    )
    content_encoders: Annotated[int, Field(ge=1, le=64)] = Field(
        default=1, description="Videos of trainers that a process encodes at the same time."
    )
    s3_bucket: str | None = Field(
        default=None,
        description="An existing bucket for videos and landmarks; without it, they are in the data"
        " folder.",
    )
    s3_endpoint: str | None = Field(
        default=None,
        pattern=r"^https?://[^/]+(/[^/]+)*$",
        description="The S3 server, such as https://<account>.r2.cloudflarestorage.com; by default"
        " Amazon's of the region.",
    )
    s3_region: str = Field(default="us-east-1", description="The bucket's region; auto for R2.")
    s3_key_id: str | None = Field(
        default=None,
        description="The access key id. By default the standard AWS sources: AWS_ACCESS_KEY_ID, the"
        " role of the pod or container, the role of the machine.",
    )
    s3_secret: SecretStr | None = Field(default=None, description="The secret of that key.")
    s3_notification_secret: Annotated[SecretStr, AfterValidator(_require_word)] | None = Field(
        default=None,
        description="A random text without spaces that the bucket's notifications of uploads carry;"
        " without it, none are taken.",
    )

    cloudfront_distribution: str | None = Field(
        default=None,
        pattern=r"^[A-Z0-9]{5,32}$",
        description="The id of the Amazon CloudFront distribution in front of the platform, whose"
        " copies are dropped when a video changes. Credentials are in the standard AWS sources.",
    )

    @property
    def max_upload_bytes(self) -> int:
        """Return the upload limit in bytes."""
        return self.max_upload_mb * MEBIBYTE

    @property
    def content_limits(self) -> ContentLimits:
        """Return the limits of trainers' videos."""
        return ContentLimits(
            file=self.max_content_mb * MEBIBYTE,
            trainer=self.max_content_gb_per_trainer * GIBIBYTE,
            tenant=self.max_content_gb_per_tenant * GIBIBYTE,
        )

    @property
    def upload_quota(self) -> UploadQuota:
        """Return the quotas of uploads."""
        return UploadQuota(
            user_waiting=self.max_waiting_videos_per_user,
            tenant_waiting=self.max_waiting_videos_per_tenant,
            user_day_bytes=self.max_daily_upload_mb_per_user * MEBIBYTE,
            tenant_day_bytes=self.max_daily_upload_mb_per_tenant * MEBIBYTE,
        )
