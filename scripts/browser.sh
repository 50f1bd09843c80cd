#!/bin/sh
# The tests of the page drive a real Chromium. Installs Debian's where we may.
set -eu

for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "kinelog: installing Chromium for the tests of the page"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        chromium fonts-dejavu-core >/dev/null && exit 0
fi
echo "kinelog: the tests of the page need Chromium; on Debian: apt-get install -y chromium" >&2
exit 1
