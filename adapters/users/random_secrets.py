"""Random secrets for tokens and links, and pose coach keys in the form of Firebase UIDs."""

import base64
import secrets

from domain.pose_coach.key import MINTED_ALPHABET, MINTED_LENGTH, PoseCoachKey


def new_secret() -> str:
    """Return a secret of 256 random bits, as 43 characters of letters, digits, `-` and `_`."""
    return secrets.token_urlsafe(32)


def new_challenge() -> bytes:
    """Return 256 random bits for a passkey to sign."""
    return secrets.token_bytes(32)


def new_recovery_code() -> str:
    """Return a code of 80 random bits: four groups of four letters and digits."""
    code = base64.b32encode(secrets.token_bytes(10)).decode()
    return "-".join(code[start : start + 4] for start in range(0, 16, 4))


def mint_pose_coach_key() -> PoseCoachKey:
    """Return a key in the form of a Firebase UID: 28 letters and digits, 166 random bits (C-04)."""
    return PoseCoachKey("".join(secrets.choice(MINTED_ALPHABET) for _ in range(MINTED_LENGTH)))
