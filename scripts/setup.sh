#!/bin/sh
# Creates .venv from uv.lock and web/node_modules from web/package-lock.json. Needs Python 3.11 or newer; installs its own uv.
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
    echo "kinelog: downloading uv $UV_VERSION"
    if "$PYTHON" -m pip --version >/dev/null 2>&1; then
        "$PYTHON" -m pip install --quiet --upgrade --target .tools "uv==$UV_VERSION" ||
            fail "downloading uv $UV_VERSION from PyPI failed; check the network and run this again."
    elif "$PYTHON" -c 'import ensurepip' >/dev/null 2>&1; then
        "$PYTHON" -m venv .tools/venv && .tools/venv/bin/pip install --quiet "uv==$UV_VERSION" ||
            fail "downloading uv $UV_VERSION from PyPI failed; check the network and run this again."
        mkdir -p .tools/bin && ln -sf ../venv/bin/uv .tools/bin/uv
    else
        fail "pip is missing; on Debian: apt-get install -y python3-venv"
    fi
fi

echo "kinelog: installing the packages of uv.lock into .venv"
# Child processes that read untrusted files may not write bytecode: without it, each would compile
# its libraries, which takes half of its start.
.tools/bin/uv sync --frozen --compile-bytecode --python "$PYTHON" ||
    fail "installing the packages of uv.lock failed; check the network and run this again."

echo "kinelog: installing the packages of web/package-lock.json into web/node_modules"
PATH="$PWD/.venv/bin:$PATH" npm ci --prefix web --ignore-scripts --no-audit --no-fund --loglevel=error ||
    fail "installing the libraries of the pages failed; check the network and run this again."
touch .venv/.locked
