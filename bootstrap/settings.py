"""What can be set from outside: environment variables that begin with `KINELOG_`."""

from pathlib import Path
from typing import Annotated

import platformdirs
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

MEBIBYTE = 1024 * 1024


class Settings(BaseSettings):
    """Read from the environment at the start; nothing else reads it."""

    model_config = SettingsConfigDict(env_prefix="KINELOG_", extra="ignore")

    home: Path = Field(
        default_factory=lambda: platformdirs.user_data_path("kinelog"),
        description="The data folder: log, tables, media.",
    )
    cache: Path = Field(
        default_factory=lambda: platformdirs.user_cache_path("kinelog"),
        description="What can be made again, such as the pose model.",
    )
    pose_model: Path | None = Field(
        default=None, description="A MediaPipe pose model (.task) to use instead of the built one."
    )
    host: str = Field(default="127.0.0.1", description="The address to serve on.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(
        default=8765, description="The port to serve on; 0 takes a free one."
    )
    max_upload_mb: Annotated[int, Field(ge=1, le=65_536)] = Field(
        default=512, description="The largest video that may be uploaded, in MiB."
    )

    postgres_url: SecretStr | None = Field(
        default=None,
        description="A PostgreSQL URL of an upgraded database; without it, all is in the data"
        " folder.",
    )
    kafka: str | None = Field(
        default=None, description="Kafka: host:port, several separated by commas."
    )
    redis_url: SecretStr | None = Field(default=None, description="A Redis URL.")
    settle_s: Annotated[float, Field(ge=0, le=60)] = Field(
        default=2.0,
        description="Seconds for which the answer to a command waits until it can be read.",
    )

    @property
    def max_upload_bytes(self) -> int:
        """The upload limit in bytes."""
        return self.max_upload_mb * MEBIBYTE
