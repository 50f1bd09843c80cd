"""Archives for the virus scanner."""

import io
import zipfile


def in_zip(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("videos/squats.mp4", content)
    return file.getvalue()
