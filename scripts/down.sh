#!/bin/sh
# Stops what scripts/up.sh started: first the processes of the platform, then the simulators and the servers. Data is kept.
set -eu
cd "$(dirname "$0")/.."
FOLDER=${KINELOG_SERVICES:-$PWD/.services}
ENDED_WITHIN_S=60

for name in platform speech clouds stripe servers; do
    [ -e "$FOLDER/$name.pid" ] || continue
    pid=$(cat "$FOLDER/$name.pid")
    kill -TERM "$pid" 2>/dev/null || true
    waited=0
    while kill -0 "$pid" 2>/dev/null; do
        [ "$waited" -lt $((ENDED_WITHIN_S * 10)) ] || {
            echo "kinelog: process $pid ($name) does not stop; see $FOLDER/$name.log" >&2
            exit 1
        }
        waited=$((waited + 1))
        sleep 0.1
    done
    rm -f "$FOLDER/$name.pid"
done
echo "kinelog: stopped; data is in $FOLDER"
