"""Names of settings of the previous version, which are read for one more version."""

import os
from typing import Any, Final

import structlog
from pydantic.fields import FieldInfo
from pydantic_settings import PydanticBaseSettingsSource

PREFIX: Final = "KINELOG_"

DEPRECATED_NAMES: Final = {
    "KINELOG_SETTLE_S": "KINELOG_READ_YOUR_WRITES_TIMEOUT_S",
    "KINELOG_KEPT_S": "KINELOG_CACHE_TTL_S",
    "KINELOG_TRACE_SHARE": "KINELOG_TRACE_SAMPLE_RATIO",
    "KINELOG_TRUSTED_ONLY": "KINELOG_PERSISTED_QUERIES_ONLY",
    "KINELOG_TRUSTED_DOCUMENTS": "KINELOG_PERSISTED_QUERIES",
    "KINELOG_OPEN_ANYWHERE": "KINELOG_ALLOW_ANONYMOUS",
    "FORWARDED_ALLOW_IPS": "KINELOG_TRUSTED_PROXIES",
}
"""Names of 0.1, read for one more version; the new name wins where both are set."""

log = structlog.get_logger()


class DeprecatedNames(PydanticBaseSettingsSource):
    """Read settings from the names of the previous version, and log a warning for each."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002  the library's signature
        """Return the value under the old name of a field, or None."""
        new = f"{PREFIX}{field_name.upper()}"
        for name, replacement in DEPRECATED_NAMES.items():
            if replacement == new and (value := os.environ.get(name)):
                log.warning("setting.deprecated", name=name, use=replacement)
                return value, field_name, False
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """Return every field that is set by an old name."""
        values = {
            name: self.get_field_value(field, name)[0]
            for name, field in self.settings_cls.model_fields.items()
        }
        return {name: value for name, value in values.items() if value is not None}
