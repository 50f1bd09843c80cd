#!/bin/sh
# Writes .env from .env.example, with new random passwords. Leaves an .env that is there as it is.
set -eu
cd "$(dirname "$0")/.."
TARGET=${1:-.env}

if [ -e "$TARGET" ]; then
    echo "kinelog: $TARGET is there already; the passwords in it belong to the data" >&2
    exit 1
fi

# 32 bytes in hexadecimal, which needs no quoting in an address.
secret() { od -An -v -N32 -tx1 /dev/urandom | tr -d ' \n'; }

umask 077
while IFS= read -r line; do
    case "$line" in
        *_PASSWORD=) echo "$line$(secret)" ;;
        *) echo "$line" ;;
    esac
done <.env.example >"$TARGET"
echo "kinelog: wrote $TARGET; keep a copy of it where you keep secrets"
