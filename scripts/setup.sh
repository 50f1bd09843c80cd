#!/bin/sh
# Makes .venv from uv.lock and web/node_modules from web/package-lock.json. Needs Python 3.11 or newer; brings its own uv.
set -eu

UV_VERSION=0.13.8

fail() {
    echo "kinelog: $1" >&2
    exit 1
}

for candidate in python3 python3.13 python3.12 python3.11; do
    if command -v "$candidate" >/dev/null 2>&1 &&
        "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))'; then
        PYTHON=$(command -v "$candidate")
        break
    fi
done
[ -n "${PYTHON:-}" ] || fail "Python 3.11, 3.12 or 3.13 is missing; on Debian: apt-get install -y python3"

have_uv() { [ -x .tools/bin/uv ] && [ "$(.tools/bin/uv --version | cut -d' ' -f2)" = "$UV_VERSION" ]; }

if ! have_uv; then
    echo "kinelog: fetching uv $UV_VERSION"
    if "$PYTHON" -m pip --version >/dev/null 2>&1; then
        "$PYTHON" -m pip install --quiet --upgrade --target .tools "uv==$UV_VERSION" ||
            fail "uv $UV_VERSION could not be fetched from PyPI; check the network and run this again."
    elif "$PYTHON" -c 'import ensurepip' >/dev/null 2>&1; then
        "$PYTHON" -m venv .tools/venv && .tools/venv/bin/pip install --quiet "uv==$UV_VERSION" ||
            fail "uv $UV_VERSION could not be fetched from PyPI; check the network and run this again."
        mkdir -p .tools/bin && ln -sf ../venv/bin/uv .tools/bin/uv
    else
        fail "pip is missing; on Debian: apt-get install -y python3-venv"
    fi
fi

echo "kinelog: installing what uv.lock names into .venv"
.tools/bin/uv sync --frozen --python "$PYTHON" ||
    fail "the packages of uv.lock could not be installed; check the network and run this again."

echo "kinelog: installing what web/package-lock.json names into web/node_modules"
PATH="$PWD/.venv/bin:$PATH" npm ci --prefix web --ignore-scripts --no-audit --no-fund --loglevel=error ||
    fail "the pages' libraries could not be installed; check the network and run this again."
touch .venv/.locked
