"""Settings of the pose coach's stores."""

import re
from pathlib import Path
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

    pose_coach_firestore_project: str | None = Field(
        default=None,
        pattern=r"^[a-z][a-z0-9-]*$",
        description="The Google Cloud project of the pose coach's document store in Firestore."
        " Without it, the store is in the data folder.",
    )
    pose_coach_firestore_key_file: Path | None = Field(
        default=None,
        description="The key of a service account (JSON) that may read and write the databases.",
    )
    pose_coach_firestore_url: str = Field(
        default="https://firestore.googleapis.com",
        pattern=r"^https?://[^/?#]+$",
        description="The address of Firestore, or of an emulator, which needs no key.",
    )

    @model_validator(mode="after")
    def _firestore_requires_a_key(self) -> Self:
        if self.pose_coach_firestore_project is None:
            return self
        is_plain = self.pose_coach_firestore_url.startswith("http://")
        if is_plain and self.require_tls:
            raise ValueError(
                "KINELOG_REQUIRE_TLS is set. KINELOG_POSE_COACH_FIRESTORE_URL has to begin with"
                " https://."
            )
        if self.pose_coach_firestore_key_file is None and not is_plain:
            raise ValueError("Firestore needs KINELOG_POSE_COACH_FIRESTORE_KEY_FILE.")
        return self

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
