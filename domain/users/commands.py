"""What may be asked of a user's account, and how it is refused."""

import re
from datetime import datetime

from domain.kernel import Rejected, command
from domain.values import InvalidValue, time_zone

LANGUAGE_TAG = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")
"""The shape of the tags of BCP 47 that locales use, such as `en` or `pt-BR`."""


def locale(tag: str) -> str:
    """Return the tag if it has the shape of a language tag; InvalidValue otherwise."""
    if not LANGUAGE_TAG.fullmatch(tag):
        raise InvalidValue(f"{tag!r} is not a language tag such as en or pt-BR.")
    return tag


@command
class RegisterUser:
    time_zone: str = "UTC"
    locale: str = "en"
    at: datetime

    def __post_init__(self) -> None:
        time_zone(self.time_zone)
        locale(self.locale)


@command
class ChangeProfile:
    time_zone: str
    locale: str

    def __post_init__(self) -> None:
        time_zone(self.time_zone)
        locale(self.locale)


UserCommand = RegisterUser | ChangeProfile


class UserAlreadyRegistered(Rejected):
    """A user registers once."""

    code = "user.already_registered"


class UserUnknown(Rejected):
    """Nobody is registered under this id."""

    code = "user.unknown"
    kind = "not_found"
