"""Settings of the pose coach's stores."""

import re
from typing import Annotated, Self

from pydantic import AfterValidator, Field, SecretStr, model_validator

from bootstrap.network_settings import NetworkSettings


def _require_mysql(secret: SecretStr) -> SecretStr:
    if not re.match(r"mysql://[^/@]+@[^/?#]+/\w+($|\?)", secret.get_secret_value()):
        raise ValueError("write it as mysql://user:password@host:3306/name")
    return secret


class PoseCoachSettings(NetworkSettings):
    """Addresses of the stores that are not in the data folder."""

    pose_coach_mysql_url: Annotated[SecretStr, AfterValidator(_require_mysql)] | None = Field(
        default=None,
        description="The pose coach's analytics store in MySQL or MariaDB:"
        " mysql://user:password@host:3306/name?ssl_ca=FILE. Each tenant has the database"
        " name_TENANT, which the user may create. Without it, the store is in the data folder.",
    )

    @model_validator(mode="after")
    def _mysql_requires_tls(self) -> Self:
        url = self.pose_coach_mysql_url
        text = "" if url is None else url.get_secret_value()
        verifies = re.search(r"[?&]ssl_ca=", text) and "ssl_check_hostname" not in text
        if self.require_tls and text and not verifies:
            raise ValueError(
                "KINELOG_REQUIRE_TLS is set. KINELOG_POSE_COACH_MYSQL_URL needs ssl_ca=FILE."
            )
        return self
