"""Key file: a master key in a file, in place of a key management service."""

import base64
import os
import stat
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from application.kernel.encryption import KeyRefused, KmsUnavailable
from domain.ids import TenantId

MASTER_BYTES: Final = 32
NONCE_BYTES: Final = 12


class KeyFileKms:
    """Implements `Kms` on a file with one master key, from which tenant keys are derived.

    With `may_create`, a missing file is created, readable only by its owner (0600). Losing it means
    losing all personal data, so back it up separately. Raises KmsUnavailable if it is missing and
    may not be created, is unreadable, is not a key, or is readable by others.
    """

    def __init__(self, path: Path, *, may_create: bool = True) -> None:
        self._path = path
        try:
            self._master = _create(path) or _read(path) if may_create else _read(path)
        except FileNotFoundError as missing:
            raise KmsUnavailable(
                f"The key file {path} is missing, and personal data cannot be read without it."
                " Restore it from your copy."
            ) from missing
        except OSError as refused:
            raise KmsUnavailable(f"The key file {path} cannot be read: {refused.strerror}.") from (
                refused
            )

    def wrap(self, key: bytes, *, tenant_id: TenantId, about: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher(tenant_id).encrypt(nonce, key, about.encode())

    def unwrap(self, wrapped: bytes, *, tenant_id: TenantId, about: str) -> bytes:
        nonce, content = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
        try:
            return self._cipher(tenant_id).decrypt(nonce, content, about.encode())
        except (InvalidTag, ValueError) as refused:
            raise KeyRefused(
                f"The key file {self._path} is not the one that encrypted this data."
                " Restore the right one from your copy, and restart."
            ) from refused

    def _cipher(self, tenant_id: TenantId) -> AESGCM:
        info = f"kinelog tenant {tenant_id}".encode()
        return AESGCM(HKDF(SHA256(), MASTER_BYTES, salt=None, info=info).derive(self._master))


def _create(path: Path) -> bytes | None:
    """Create the file atomically; return None if it exists."""
    path.parent.mkdir(parents=True, exist_ok=True)
    master = os.urandom(MASTER_BYTES)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(master) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return None
    finally:
        draft.unlink()
    return master


def _read(path: Path) -> bytes:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise KmsUnavailable(f"The key file {path} is readable by others. Set its mode to 0600.")
    try:
        master = base64.b64decode(path.read_bytes().strip(), validate=True)
    except ValueError as error:
        raise KmsUnavailable(f"The key file {path} does not contain a key.") from error
    if len(master) != MASTER_BYTES:
        raise KmsUnavailable(f"The key file {path} does not contain a key.")
    return master
