"""Structure of WebM and MKV files (RFC 8794, RFC 9559): elements, and nothing beside them.

Segments are entered, and so are clusters without a length, as recorders write them. Below them,
only the elements of the format can follow each other; what an element contains is left to the
decoder.
"""

from collections.abc import Callable
from typing import BinaryIO, Final

from application.content.file_format import Fault, find_fault_in_parts

SEGMENT: Final = 0x18538067
CLUSTER: Final = 0x1F43B675

ELEMENTS: Final = frozenset(
    {
        0x1A45DFA3,  # EBML
        SEGMENT,
        0x114D9B74,  # SeekHead
        0x1549A966,  # Info
        0x1654AE6B,  # Tracks
        CLUSTER,
        0x1C53BB6B,  # Cues
        0x1941A469,  # Attachments
        0x1043A770,  # Chapters
        0x1254C367,  # Tags
        0xEC,  # Void
        0xBF,  # CRC-32
        # of a cluster
        0xE7,  # Timestamp
        0x5854,  # SilentTracks
        0xA7,  # Position
        0xAB,  # PrevSize
        0xA3,  # SimpleBlock
        0xA0,  # BlockGroup
        0xAF,  # EncryptedBlock
    }
)
"""Elements at the top, in a segment, and in a cluster."""

MAX_ID_BYTES: Final = 4
MAX_LENGTH_BYTES: Final = 8
BYTE_BITS: Final = 8


def find_element_fault(file: BinaryIO, size: int, proceed: Callable[[], None]) -> Fault | None:
    """Return what is wrong with the elements of a WebM or MKV file: all of it has to be in them.

    `proceed` is called now and then, and may raise.
    """
    header_bytes = MAX_ID_BYTES + MAX_LENGTH_BYTES
    return find_fault_in_parts(file, size, proceed, header_bytes, _after_element)


def _after_element(head: bytes, start: int, size: int) -> int | Fault:
    """Return where the next element begins, within this one if it is entered, or its fault."""
    id_bytes = _width(head[0])
    element = int.from_bytes(head[:id_bytes])
    if element not in ELEMENTS:
        return "contains_other_data"
    length_bytes = _width(head[id_bytes]) if len(head) > id_bytes else MAX_LENGTH_BYTES + 1
    content = start + id_bytes + length_bytes
    if length_bytes > MAX_LENGTH_BYTES or content > size:
        return "damaged"
    length = _length(head[id_bytes : id_bytes + length_bytes])
    if element == SEGMENT or (element == CLUSTER and length is None):
        return content
    if length is None or content + length > size:
        return "damaged"
    return content + length


def _width(first: int) -> int:
    """Return how many bytes a number has that begins with this one; nine if it is none."""
    return BYTE_BITS + 1 - first.bit_length()


def _length(encoded: bytes) -> int | None:
    """Return the length of an element, or None if it is not known."""
    bits = 7 * len(encoded)
    length = int.from_bytes(encoded) & ((1 << bits) - 1)
    return None if length == (1 << bits) - 1 else length
