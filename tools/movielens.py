"""MovieLens 100K, a public log of who watched what and when, as it comes with RecBole on PyPI.

100,000 ratings of 943 people and 1,682 movies from September 1997 to April 1998: F. M. Harper and
J. A. Konstan, The MovieLens Datasets: History and Context, ACM TiiS 5(4), 2015. GroupLens allows
research with it; passing it on and commercial use need its permission. No product learns from it.

`python -m tools.movielens` downloads it once, and prints the file.
"""

import subprocess
import tempfile
from pathlib import Path
from typing import Final

from domain.kernel import value
from tools.local_services.binaries import ProgramMissing, cache_folder

PACKAGE: Final = "recbole==1.2.1"
CHECKSUM: Final = "9c9948202011f37eb0a7c6768129313f00d6403ad221ec940d5e2d5d5f33a407"
"""SHA-256 of its wheel."""

FILE: Final = Path("recbole", "dataset_example", "ml-100k", "ml-100k.inter")
"""Place of the log in the wheel."""

COLUMNS: Final = "user_id:token\titem_id:token\trating:float\ttimestamp:float"

UV: Final = Path(__file__).parents[1] / ".tools" / "bin" / "uv"


@value
class Interaction:
    """A movie that a person rated, with any rating. `at_s`: seconds since 1970, UTC."""

    person: str
    item: str
    at_s: float


def movielens() -> Path:
    """Return the file of the log, which `fetch_movielens` downloads."""
    return cache_folder() / PACKAGE.replace("==", "-") / FILE.name


def load_movielens() -> list[Interaction]:
    """Return the log, oldest first; of equal times, in order of the names.

    Downloads it, if it is not there. Raises ProgramMissing, and ValueError if it is another log.
    """
    if not movielens().exists():
        fetch_movielens()
    return read_log(movielens().read_text())


def read_log(text: str) -> list[Interaction]:
    """Read a log. Raises ValueError."""
    header, *lines = text.splitlines()
    if header != COLUMNS:
        raise ValueError(f"the columns are {header!r}")
    rows = (line.split("\t") for line in lines)
    found = [Interaction(person, item, float(at)) for person, item, _, at in rows]
    return sorted(found, key=lambda each: (each.at_s, each.person, each.item))


def fetch_movielens() -> None:
    """Download the wheel alone with uv, and keep only the log. Raises ProgramMissing."""
    to = movielens()
    with tempfile.TemporaryDirectory() as folder:
        wanted, wheel = Path(folder) / "requirements.txt", Path(folder) / "wheel"
        wanted.write_text(f"{PACKAGE} --hash=sha256:{CHECKSUM}\n")
        command = [str(UV), "pip", "install", "--quiet", "--no-deps", "--no-build", "--no-cache"]
        checked = ["--require-hashes", "--target", str(wheel), "-r", str(wanted)]
        try:
            subprocess.run([*command, *checked], check=True, capture_output=True, text=True)
        except FileNotFoundError:
            message = "uv is missing, which downloads MovieLens 100K: run `make setup`."
            raise ProgramMissing(message) from None
        except subprocess.CalledProcessError as error:
            reason = " ".join(str(error.stderr).split())
            message = f"MovieLens 100K could not be downloaded from PyPI; uv says: {reason}"
            raise ProgramMissing(message) from error
        to.parent.mkdir(parents=True, exist_ok=True)
        partial = to.with_suffix(".partial")
        partial.write_bytes((wheel / FILE).read_bytes())
        partial.rename(to)


if __name__ == "__main__":
    if not movielens().exists():
        fetch_movielens()
    print(movielens())
