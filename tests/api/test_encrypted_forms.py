"""Files of forms are encrypted on disk while they are received."""

import tempfile
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated

import pytest
from fastapi import APIRouter, FastAPI, File, UploadFile
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from adapters.encryption.temporary_file import EncryptedSpool, open_upload
from api.encrypted_forms import EncryptedForms
from api.http import health_files, uploads
from tests.api.stored_uploads import files_with

API = Path(__file__).parents[2] / "api"
MARKER = b"clear-bytes-of-a-video"
LARGE = b"video " + MARKER * 150_000
SMALL = b"video " + MARKER


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def client(folder: Path) -> TestClient:
    """Return a client of a server that takes a file, and looks for its bytes on disk."""
    router, app = APIRouter(route_class=EncryptedForms), FastAPI()

    @router.post("/files")
    def take(file: Annotated[UploadFile, File()]) -> dict[str, str | int | bool | None]:
        assert isinstance(file.file, EncryptedSpool)
        clear = files_with(MARKER, folder)
        digest = sha256(file.file.read()).hexdigest()
        file.file.seek(7)
        is_same = file.file.read(100) in LARGE
        return {"digest": digest, "size": file.size, "clear": len(clear), "isSame": is_same}

    app.include_router(router)
    app.state.platform = SimpleNamespace(open_upload=open_upload)
    return TestClient(app)


@pytest.mark.parametrize("content", [SMALL, LARGE, b""], ids=["small", "large", "empty"])
def test_a_received_file_is_read_as_it_was_sent_and_not_in_clear_on_disk(
    client: TestClient, content: bytes
) -> None:
    """R-TEN-09"""
    response = client.post("/files", files={"file": ("a.mp4", content)}).json()
    assert response["digest"] == sha256(content).hexdigest()
    assert response == {**response, "size": len(content), "clear": 0, "isSame": True}


def test_the_disk_has_the_bytes_of_other_files(folder: Path) -> None:
    """R-TEN-09: the test above would find them."""
    with tempfile.SpooledTemporaryFile(max_size=100) as spool:
        spool.write(LARGE)
        spool.flush()
        assert files_with(MARKER, folder)


def test_a_malformed_form_is_refused(client: TestClient) -> None:
    """R-TEN-09: its files are closed."""
    for kind in ("multipart/form-data", "multipart/form-data; boundary=b"):
        refused = client.post("/files", content=b"no form", headers={"content-type": kind})
        assert refused.status_code == 400
    assert client.post("/files", data={"file": "text"}).status_code == 422


def test_all_routes_with_files_encrypt_them() -> None:
    """R-TEN-09"""
    modules = {path.stem for path in API.rglob("*.py") if "UploadFile" in path.read_text()}
    assert modules == {"uploads", "health_files"}
    routes = [*uploads.router.routes, *health_files.files.routes]
    assert routes
    assert all(isinstance(each, EncryptedForms) for each in routes if isinstance(each, APIRoute))
