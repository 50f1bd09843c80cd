"""Addresses, providers, consents."""

import re
import unicodedata
from typing import Final, Literal, NewType

from domain.kernel import value
from domain.personal import Personal
from domain.values import InvalidValue

Provider = NewType("Provider", str)
"""An identity provider (R-IDN-12, R-IDN-13): these three, and others that are configured."""

GOOGLE: Final = Provider("google")
APPLE: Final = Provider("apple")
FIREBASE: Final = Provider("firebase")

PROVIDER_NAME: Final = r"[a-z][a-z0-9]{0,31}"
"""Pattern of provider names, which are part of paths and setting names."""

RESERVED_NAMES: Final = frozenset({"email", "password", "pseudonym"})
"""Other kinds of identity and sign-in method."""

Units = Literal["metric", "imperial"]

ConsentPurpose = Literal[
    "camera_processing",
    "movement_recording",
    "images_leave_device",
    "research",
    "health_data",
    "leaderboards",
    "population_insights",
    "marketing",
]
"""Purposes that require consent (R-TEN-12, C-41)."""

EmailKind = Literal[
    "verification",
    "already_registered",
    "reset",
    "invitation",
    "password_changed",
    "identity_linked",
    "identity_unlinked",
    "linking_refused",
    "second_factor_added",
    "second_factor_removed",
    "recovery_code_used",
    "recovery_codes_replaced",
    "second_factors_reset",
    "erasure_requested",
    "account_inactive",
]
"""Kinds of e-mails to users."""

ConsentSource = Literal["rest", "graphql", "operator", "unknown"]
"""Transport by which a consent was recorded."""

FactorKind = Literal["totp", "passkey"]
"""Kind of a second factor: an authenticator app (RFC 6238) or a passkey (WebAuthn)."""

INTERNATIONAL: Final = r"\u0080-\U0010ffff"
ATOM: Final = rf"[\w!#$%&'*+/=?^`{{|}}~{INTERNATIONAL}-]+"
LABEL: Final = rf"(?!-)[a-zA-Z0-9{INTERNATIONAL}-]{{1,63}}(?<!-)"
ADDRESS: Final = re.compile(rf"(?=[^@]{{1,64}}@)(?!.*=\?){ATOM}(\.{ATOM})*@{LABEL}(\.{LABEL})+")
"""Dot-atom and domain of RFC 5321, 4.1.2, with the international characters of RFC 6531.

Characters that separate or quote addresses are not among them, nor is `=?`, which begins an encoded
word (RFC 2047): in a header, such an address would be that of somebody else.
"""
MIN_PASSWORD_LENGTH: Final = 8
MAX_PASSWORD_LENGTH: Final = 128
"""Characters. NIST SP 800-63B-4, 3.1.1.2, requires at least 8, and a maximum of 64 or more."""
MAX_ADDRESS_LENGTH: Final = 254
"""Characters of a deliverable address: RFC 5321, 4.5.3.1, without the angle brackets."""


def email_address(text: str) -> str:
    """Return a well-formed e-mail address. Raises InvalidValue.

    Its characters are in normalization form C (RFC 6532, 3.1), because other characters look the
    same: the kelvin sign even becomes the letter k in lower case. Only a delivered message proves
    that the address exists.
    """
    well_formed = (
        len(text) <= MAX_ADDRESS_LENGTH
        and ADDRESS.fullmatch(text)
        and unicodedata.is_normalized("NFC", text)
    )
    if not well_formed or not all(char.isascii() or _is_letter(char) for char in text):
        raise InvalidValue("This is not an e-mail address. Use one such as ada@example.org.")
    return text


def _is_letter(char: str) -> bool:
    """Return whether a character is a letter, its mark or a digit, in any script."""
    return unicodedata.category(char)[0] in "LMN"


def provider_named(text: str) -> Provider:
    """Return a valid provider name. Raises InvalidValue."""
    if not re.fullmatch(PROVIDER_NAME, text) or text in RESERVED_NAMES:
        raise InvalidValue(f"{text[:40]!r} is not a provider name. Use one such as google.")
    return Provider(text)


@value
class Identity:
    """A person's identity with a provider. The subject never changes."""

    provider: Provider
    subject: Personal[str]


@value
class Consent:
    """A consent, and the version of its text."""

    purpose: ConsentPurpose
    version: str


MAX_NAME_LENGTH: Final = 100
"""Characters of a person's or a passkey's name; enough for every language."""


def require_name(name: Personal[str] | None) -> None:
    """Raise InvalidValue for a name that is too long, or empty, or has blanks at its ends."""
    text = None if name is None else name.value
    if isinstance(text, str) and not (0 < len(text.strip()) == len(text) <= MAX_NAME_LENGTH):
        raise InvalidValue(
            f"A name must have 1 to {MAX_NAME_LENGTH} characters, without blanks at its ends."
        )
