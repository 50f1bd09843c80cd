#!/bin/sh
# Creates .env from .env.example, with random passwords. Never changes an existing .env.
set -eu
cd "$(dirname "$0")/.."
TARGET=${1:-.env}

if [ -e "$TARGET" ]; then
    echo "kinelog: $TARGET already exists, and its passwords belong to the existing data" >&2
    exit 1
fi

# 32 bytes in hexadecimal, which needs no quoting in a URL.
secret() { od -An -v -N32 -tx1 /dev/urandom | tr -d ' \n'; }

umask 077
while IFS= read -r line; do
    case "$line" in
        "#"*) echo "$line" ;;
        *_PASSWORD=) echo "$line$(secret)" ;;
        *) echo "$line" ;;
    esac
done <.env.example >"$TARGET"
echo "kinelog: wrote $TARGET; keep a copy in your secret store"
