"""What nobody can guess: the secrets in tokens and links, and keys in the form of Firebase's."""

import secrets

from domain.pose_coach import MINTED_ALPHABET, MINTED_LENGTH, PoseCoachKey


def new_secret() -> str:
    """Make a secret of 256 random bits, as 43 characters of letters, digits, `-` and `_`."""
    return secrets.token_urlsafe(32)


def mint_pose_coach_key() -> PoseCoachKey:
    """Make a key as Firebase makes UIDs: 28 letters and digits, 166 random bits (C-04)."""
    return PoseCoachKey("".join(secrets.choice(MINTED_ALPHABET) for _ in range(MINTED_LENGTH)))
