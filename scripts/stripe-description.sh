#!/bin/sh
# Downloads the description of Stripe's API, which the tests compare the simulator with. It is a file of Stripe's
# stripe-mock, a Go module; as root, installs Debian's Go if it is missing. Idempotent.
set -eu

fail() {
    echo "kinelog: $1" >&2
    exit 1
}

FILE=$(.venv/bin/python -m tools.stripe_description --path)
[ ! -f "$FILE" ] || exit 0

if ! command -v go >/dev/null 2>&1; then
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 ||
        fail "the tests of payments need Go to download stripe-mock; on Debian: apt-get install -y golang-go"
    echo "kinelog: installing Go, which downloads the description of Stripe's API"
    apt-get update -qq || true
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends golang-go >/dev/null ||
        fail "apt-get could not install golang-go; see its message above."
fi
echo "kinelog: downloading the description of Stripe's API into $FILE"
.venv/bin/python -m tools.stripe_description ||
    fail "downloading stripe-mock with Go failed; check the network and run this again."
