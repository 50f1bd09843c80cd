#!/bin/sh
# Finds Chromium, which the tests of the pages need; as root, installs Debian's.
set -eu

for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "kinelog: installing Chromium for the tests of the pages"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        chromium fonts-dejavu-core >/dev/null && exit 0
fi
echo "kinelog: the tests of the pages need Chromium; on Debian: apt-get install -y chromium" >&2
exit 1
