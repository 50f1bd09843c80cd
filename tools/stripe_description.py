"""OpenAPI description of Stripe's API, as it comes with Stripe's own stripe-mock.

`python -m tools.stripe_description` downloads it; with `--path`, it only prints the file.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tools.local_services.binaries import ProgramMissing, cache_folder

MODULE: Final = "github.com/stripe/stripe-mock"
VERSION: Final = "v0.203.0"
CHECKSUM: Final = "h1:EzW7nb/fphqcAkgVRHAaC88OaAZo6SBWSl54cflDTio="
"""Of the module, as `go.sum` has it."""


def stripe_description() -> Path:
    """Return the file of the description; `make stripe-description` downloads it."""
    return cache_folder() / f"stripe-mock-{VERSION}" / "spec3.json"


def load_stripe_description() -> str:
    """Return the description as JSON. Raises ProgramMissing."""
    try:
        return stripe_description().read_text()
    except FileNotFoundError:
        message = "The description of Stripe's API is missing: run `make stripe-description`."
        raise ProgramMissing(message) from None


def fetch_stripe_description() -> None:
    """Download the module with Go, and keep only the description. Raises CalledProcessError.

    Raises ValueError if the module is not the expected one.
    """
    to = stripe_description()
    with tempfile.TemporaryDirectory() as folder:
        found = subprocess.run(
            ["go", "mod", "download", "-json", f"{MODULE}@{VERSION}"],
            cwd=folder,
            env={**os.environ, "GOPATH": folder, "GOFLAGS": "-modcacherw", "GONOSUMDB": MODULE},
            check=True,
            stdout=subprocess.PIPE,
        )
        module = json.loads(found.stdout)
        if module["Sum"] != CHECKSUM:
            raise ValueError(f"{MODULE}@{VERSION} has the checksum {module['Sum']}")
        to.parent.mkdir(parents=True, exist_ok=True)
        partial = to.with_suffix(".partial")
        shutil.copyfile(Path(module["Dir"]) / "embedded" / "openapi" / to.name, partial)
        partial.rename(to)


if __name__ == "__main__":
    if "--path" in sys.argv:
        sys.stdout.write(f"{stripe_description()}\n")
    else:
        fetch_stripe_description()
