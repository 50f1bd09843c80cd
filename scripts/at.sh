#!/bin/sh
# Runs a command as if it started at a moment in UTC, with all that it starts: servers and browsers.
# Usage: sh scripts/at.sh '2027-01-31 23:40' .venv/bin/pytest tests/web/test_plans_page.py
# Times of files stay the real ones. Needs glibc and a C compiler.
set -eu

moment=$1
shift
source=$(dirname "$0")/shifted-clock.c
library=$(cd "$(dirname "$0")/.." && pwd)/.tools/shifted-clock.so
if [ ! -e "$library" ] || [ "$source" -nt "$library" ]; then
    mkdir -p "$(dirname "$library")"
    ${CC:-cc} -O2 -Wall -Wextra -Werror -shared -fPIC -o "$library.$$" "$source" -ldl
    mv "$library.$$" "$library"
fi
CLOCK_SHIFT_S=$(($(date -u -d "$moment" +%s) - $(date +%s)))
export CLOCK_SHIFT_S
LD_PRELOAD=$library exec "$@"
