"""ZIP files whose first file is damaged, each so that reading it fails with another error."""

from typing import Final

DAMAGES: Final = (
    "no ZIP file",
    "other bytes",
    "other method",
    "cut off",
    "with a password",
    "of a future version",
)


def damaged(whole: bytes, damage: str) -> bytes:
    """Return a ZIP file of compressed files with one of these damages."""
    content = bytearray(whole)
    entry = whole.index(b"PK\x01\x02")
    data = 30 + int.from_bytes(whole[26:28], "little") + int.from_bytes(whole[28:30], "little")
    match damage:
        case "other bytes":
            content[data] = 0xFF
        case "other method":  # LZMA with properties that it does not have
            content[8] = content[entry + 10] = 14
            content[data : data + 9] = b"\x09\x04\x05\x00\xff\xff\xff\xff\xff"
        case "cut off":
            content[28:30] = b"\xff\xff"
        case "with a password":
            content[entry + 8] |= 1
        case "of a future version":
            content[entry + 6] = 0xFF
        case _:
            content[whole.rindex(b"PK\x05\x06")] = 0
    return bytes(content)
