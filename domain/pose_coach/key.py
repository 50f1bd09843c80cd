"""Key of a person in the pose coach's stores: the UID of their Firebase account (C-04)."""

from typing import Final

from domain.kernel import value
from domain.values import InvalidValue

LONGEST_UID: Final = 128
"""Characters of a UID that Firebase takes: Admin SDK, `auth.createUser`."""

MINTED_LENGTH: Final = 28
"""Characters of the UIDs that Firebase itself makes, each of MINTED_ALPHABET."""

MINTED_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


@value
class PoseCoachKey:
    """The key of a person in every store of the pose coach: `users/{uid}/...`, `user_id`.

    A class and no text, so that neither a `UserId` nor an empty string is ever stored as one
    (R-IDN-15, R-IDN-16). Raises InvalidValue for what Firebase could not have as a UID, or what
    cannot be one part of a document's path.
    """

    uid: str

    def __post_init__(self) -> None:
        fits = 1 <= len(self.uid) <= LONGEST_UID and self.uid.isprintable()
        if not fits or "/" in self.uid or self.uid in {".", ".."}:
            raise InvalidValue(f"A pose coach key has 1 to {LONGEST_UID} characters, none a slash.")
