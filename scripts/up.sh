#!/bin/sh
# Starts the whole platform without Docker: PostgreSQL, Kafka, Redis, and the processes of Procfile. Returns
# when it is ready; scripts/down.sh stops it. Data, addresses and logs are in .services, or in the folder
# KINELOG_SERVICES. SERVERS_OPTIONS=--free-ports avoids the default ports of the servers.
set -eu
cd "$(dirname "$0")/.."
FOLDER=${KINELOG_SERVICES:-$PWD/.services}
READY_WITHIN_S=180

fail() {
    echo "kinelog: $1" >&2
    sh scripts/down.sh >/dev/null
    exit 1
}

# The process writes its own pid before it executes the program, so that no exit goes unnoticed.
start() {
    name=$1
    shift
    setsid sh -c 'echo $$ >"$0"; exec "$@"' "$FOLDER/$name.pid" "$@" >"$FOLDER/$name.out" 2>"$FOLDER/$name.log" </dev/null &
}

runs() { [ -s "$FOLDER/$1.pid" ] && kill -0 "$(cat "$FOLDER/$1.pid")" 2>/dev/null; }
answers() { .venv/bin/python -c 'import sys, urllib.request as request; request.urlopen(sys.argv[1])' "$1" 2>/dev/null; }

mkdir -p "$FOLDER"
! runs servers || {
    echo "kinelog: already running; stop it with make down" >&2
    exit 1
}
rm -f "$FOLDER"/*.pid

echo "kinelog: starting PostgreSQL, Kafka and Redis"
start servers .venv/bin/python -m tools.local_services "$FOLDER" ${SERVERS_OPTIONS:-}
waited=0
until [ "$(grep -c = "$FOLDER/servers.out" 2>/dev/null || true)" = 3 ]; do
    [ "$waited" -lt 10 ] || runs servers || fail "a server did not start; the reason is in $FOLDER/servers.log."
    [ "$waited" -lt $((READY_WITHIN_S * 10)) ] || fail "the servers were not ready within $READY_WITHIN_S s; see $FOLDER/servers.log."
    waited=$((waited + 1))
    sleep 0.1
done
cp "$FOLDER/servers.out" "$FOLDER/addresses"
echo "KINELOG_HOME=${KINELOG_HOME:-$FOLDER/home}" >>"$FOLDER/addresses"
case ${KINELOG_HOST:-127.0.0.1} in
    0.0.0.0) HOST=127.0.0.1 ;; # all addresses; without sign-in, only loopback names are served
    ::) HOST=[::1] ;;
    *:*) HOST=[$KINELOG_HOST] ;;
    *) HOST=${KINELOG_HOST:-127.0.0.1} ;;
esac
ADDRESS=http://$HOST:${KINELOG_PORT:-8765}
echo "KINELOG_SIGN_IN=${KINELOG_SIGN_IN:-required}" >>"$FOLDER/addresses"
echo "KINELOG_OPEN_REGISTRATION=${KINELOG_OPEN_REGISTRATION:-true}" >>"$FOLDER/addresses"
echo "KINELOG_BASE_URL=${KINELOG_BASE_URL:-$ADDRESS}" >>"$FOLDER/addresses"
set -a
. "$FOLDER/addresses"
set +a

# Starts simulators whose settings the other processes need. Where there are none, their process ends by itself.
start_simulators() {
    name=$1
    rm -f "$FOLDER/$name.out"
    start "$name" .venv/bin/python -m "$2"
    waited=0
    until grep -q "^# end" "$FOLDER/$name.out" 2>/dev/null; do
        [ "$waited" -lt 10 ] || runs "$name" || fail "$(tail -1 "$FOLDER/$name.log")"
        [ "$waited" -lt $((READY_WITHIN_S * 10)) ] || fail "the simulators were not ready within $READY_WITHIN_S s; see $FOLDER/$name.log."
        waited=$((waited + 1))
        sleep 0.1
    done
    tail -1 "$FOLDER/$name.log"
    grep -q = "$FOLDER/$name.out" || rm -f "$FOLDER/$name.pid"
    set -a
    . "$FOLDER/$name.out"
    set +a
}

echo "kinelog: starting simulators of Stripe, YooKassa and Sberbank (no real money), unless a gateway is set up"
start_simulators stripe tools.payments
echo "kinelog: starting simulators of health clouds (sample data), unless a cloud is set up"
start_simulators clouds tools.health
echo "kinelog: starting a simulator of speech recognition (phrases of a script), unless a service is set up"
start_simulators speech tools.speech

echo "kinelog: preparing the database and the topics"
.venv/bin/kinelog db upgrade >"$FOLDER/set-up.log" 2>&1 && .venv/bin/kinelog events topics create >>"$FOLDER/set-up.log" 2>&1 ||
    fail "the database or the topics could not be prepared; see $FOLDER/set-up.log."

echo "kinelog: starting the API, the relay and the workers"
# .env is for docker-compose.yml, and honcho would read it.
start platform .venv/bin/honcho --env /dev/null start
waited=0
until answers "$ADDRESS/readyz"; do
    [ "$waited" -lt 10 ] || runs platform || fail "a process exited; see $FOLDER/platform.out."
    [ "$waited" -lt "$READY_WITHIN_S" ] || fail "the API was not ready within $READY_WITHIN_S s; see $FOLDER/platform.out."
    waited=$((waited + 1))
    sleep 1
done
echo "kinelog: running at $ADDRESS/; stop it with make down"
[ "$KINELOG_SIGN_IN" = open ] || cat <<END
kinelog: create an account at $ADDRESS/sign_up.html; its e-mail: kinelog mail show
kinelog: then make it an administrator: kinelog tenants create --name "The Gym" --join open --user ada@example.org
END
echo "kinelog: logs are in $FOLDER; for commands of your own: set -a; . $FOLDER/addresses; set +a"
