"""What an account has beside its preferences: addresses, other providers' identities, consents."""

import re
from typing import Final, Literal

from domain.kernel import value
from domain.personal import Personal
from domain.values import InvalidValue

Provider = Literal["firebase", "google", "apple"]
"""Who else vouches for people (R-IDN-12, R-IDN-13)."""

Units = Literal["metric", "imperial"]

ConsentPurpose = Literal["health_data", "leaderboards", "population_insights", "marketing"]
"""What a person may agree to. Nothing of it happens without (R-TEN-12, C-41)."""

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
