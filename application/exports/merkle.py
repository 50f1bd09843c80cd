"""Root of a Merkle tree over records, as in RFC 6962 § 2.1, in memory that hardly grows."""

from hashlib import sha256
from typing import Final

LEAF: Final = b"\x00"
NODE: Final = b"\x01"


class MerkleTree:
    """Hashes records in order: adding, changing, moving or leaving out one changes the root."""

    def __init__(self) -> None:
        self.count = 0
        self._complete: list[tuple[int, bytes]] = []
        """Roots of complete trees with their numbers of leaves, the largest first."""

    def add(self, record: bytes) -> None:
        """Add the next record."""
        self.count += 1
        leaves, digest = 1, sha256(LEAF + record).digest()
        while self._complete and self._complete[-1][0] == leaves:
            _, left = self._complete.pop()
            leaves, digest = 2 * leaves, sha256(NODE + left + digest).digest()
        self._complete.append((leaves, digest))

    def root(self) -> str:
        """Return the root in hexadecimal digits; without records, the hash of nothing."""
        if not self._complete:
            return sha256().hexdigest()
        digest = self._complete[-1][1]
        for _, left in reversed(self._complete[:-1]):
            digest = sha256(NODE + left + digest).digest()
        return digest.hex()
