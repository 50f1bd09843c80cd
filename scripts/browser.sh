#!/bin/sh
# Finds Chromium, which the tests of the pages need, and its headless shell, which makes them cheaper; as root,
# installs Debian's. Without the shell, the tests use Chromium for all pages (tests/web/browser.py).
set -eu

found() {
    for name; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    return 1
}

install() { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }

has_chromium() { found chromium chromium-browser google-chrome; }
has_shell() { found chromium-headless-shell; }

has_chromium && has_shell && exit 0

if [ "$(id -u)" = 0 ] && found apt-get; then
    echo "kinelog: installing Chromium for the tests of the pages"
    apt-get update -qq || true
    has_chromium || install chromium fonts-dejavu-core || true
    has_shell || install chromium-headless-shell || echo "kinelog: no chromium-headless-shell to install" >&2
fi
has_chromium && exit 0
echo "kinelog: the tests of the pages need Chromium; on Debian: apt-get install -y chromium" >&2
exit 1
