"""What an account has beside its preferences: addresses, other providers' identities, consents."""

import re
from typing import Final, Literal, NewType

from domain.kernel import value
from domain.personal import Personal
from domain.values import InvalidValue

Provider = NewType("Provider", str)
"""Who else vouches for people (R-IDN-12, R-IDN-13): these three, and others that are set up."""

GOOGLE: Final = Provider("google")
APPLE: Final = Provider("apple")
FIREBASE: Final = Provider("firebase")

PROVIDER_NAME: Final = r"[a-z][a-z0-9]{0,31}"
"""The shape of their names, which stand in paths and in names of settings."""

NO_PROVIDERS: Final = frozenset({"email", "password", "pseudonym"})
"""What else somebody is known by, or signs in with."""

Units = Literal["metric", "imperial"]

ConsentPurpose = Literal[
    "camera_processing",
    "images_leave_device",
    "research",
    "health_data",
    "leaderboards",
    "population_insights",
    "marketing",
]
"""What a person may agree to. Nothing of it happens without (R-TEN-12, C-41)."""

ConsentSource = Literal["rest", "graphql", "operator", "unknown"]
"""By which door it was said."""

ADDRESS: Final = re.compile(
    r"[^@\s\x00-\x1f\x7f]{1,64}@[^@\s\x00-\x1f\x7f]+\.[^@\s\x00-\x1f\x7f.]+"
)
LONGEST_ADDRESS: Final = 254
"""Characters of an address that can be delivered to: RFC 5321, 4.5.3.1, less the brackets."""


def email_address(text: str) -> str:
    """Return what a message can be sent to; InvalidValue otherwise. Only a message proves it."""
    if len(text) > LONGEST_ADDRESS or not ADDRESS.fullmatch(text):
        raise InvalidValue("That is not an e-mail address such as ada@example.org.")
    return text


def provider_named(text: str) -> Provider:
    """Return a provider's name; InvalidValue for what can be none."""
    if not re.fullmatch(PROVIDER_NAME, text) or text in NO_PROVIDERS:
        raise InvalidValue(f"{text[:40]!r} is not the name of a provider, such as google.")
    return Provider(text)


@value
class Identity:
    """A person as another provider knows them: its name for them never changes."""

    provider: Provider
    subject: Personal[str]


@value
class Consent:
    """What a person agreed to, and which version of the text they read."""

    purpose: ConsentPurpose
    version: str
