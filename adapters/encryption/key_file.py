"""Where there is no key management service, a file that only its owner may read stands for it."""

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
    """A `Kms` on a file with one master key, from which every tenant's key is derived.

    The file is made where there is none, for its owner only (0600). Whoever loses it loses all
    personal data: it belongs into a backup of its own. Raises KmsUnavailable where it cannot be
    read, is no key, or may be read by others.
    """

    def __init__(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._master = _made(path) or _read(path)
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
            raise KeyRefused from refused

    def _cipher(self, tenant_id: TenantId) -> AESGCM:
        info = f"kinelog tenant {tenant_id}".encode()
        return AESGCM(HKDF(SHA256(), MASTER_BYTES, salt=None, info=info).derive(self._master))


def _made(path: Path) -> bytes | None:
    """Make the file with all of its content at once; None where it is there already."""
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
        raise KmsUnavailable(f"The key file {path} may be read by others; it is to be 0600.")
    try:
        master = base64.b64decode(path.read_bytes().strip(), validate=True)
    except ValueError as broken:
        raise KmsUnavailable(f"The key file {path} holds no key.") from broken
    if len(master) != MASTER_BYTES:
        raise KmsUnavailable(f"The key file {path} holds no key.")
    return master
