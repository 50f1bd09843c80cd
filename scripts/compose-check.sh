#!/bin/sh
# Integration test of docker-compose.yml and the Dockerfile: builds, starts, analyzes a sample video through the
# published port, and takes everything down again.
#
#   sh scripts/compose-check.sh [embedded] [platform]      default: both
#
# Uses a running Docker engine. Without one, as root on Debian 12, it runs its own engine in a temporary folder.
# If that engine reaches no image registry, images are built from Debian's packages and Kafka's jars, under the
# same names without digests.
set -eu
cd "$(dirname "$0")/.."
ROOT=$PWD
PROJECT=kinelog-check
SUITE=bookworm
WORK=$(mktemp -d "${TMPDIR:-/tmp}/kinelog-check-XXXXXX")
READY_WITHIN_S=300
IPTABLES="$WORK/iptables"
COMPOSE_YAML="$ROOT/docker-compose.yml"

say() { echo "kinelog: $1"; }
fail() {
    echo "kinelog: $1" >&2
    exit 1
}

# Keep Debian's packages from starting their own engines.
install_packages() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 ||
        fail "these Debian packages are missing: $*; install them and run this again."
    say "installing $*"
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        OUR_POLICY=$policy
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
    fi
    apt-get update -qq || fail "apt-get could not read its sources; see its message above."
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
        fail "apt-get could not install $*; see its message above."
    forget_policy
    if [ -d /run/systemd/system ] && [ -e /lib/systemd/system/docker.socket ]; then
        systemctl disable --quiet docker.service docker.socket containerd.service
    fi
}

forget_policy() { [ -z "${OUR_POLICY:-}" ] || rm -f "$OUR_POLICY"; }

missing_packages() {
    command -v docker >/dev/null 2>&1 || echo docker.io
    has_compose || echo docker-compose
    docker info >/dev/null 2>&1 && return
    command -v dockerd >/dev/null 2>&1 || echo docker.io
    command -v debootstrap >/dev/null 2>&1 || echo debootstrap
}

has_compose() { docker compose version >/dev/null 2>&1 || command -v docker-compose >/dev/null 2>&1; }

compose() {
    if docker compose version >/dev/null 2>&1; then
        docker compose --file "$COMPOSE_YAML" --project-directory "$ROOT" \
            --project-name "$PROJECT" --env-file "$WORK/env" "$@"
    else
        docker-compose --file "$COMPOSE_YAML" --project-directory "$ROOT" \
            --project-name "$PROJECT" --env-file "$WORK/env" "$@"
    fi
}

# Own engine

start_engine() {
    say "no Docker engine is running; starting one in $WORK"
    for table in filter nat; do iptables-save -t "$table"; done >"$IPTABLES"
    ls /sys/class/net >"$WORK/links"
    FORWARD=$(cat /proc/sys/net/ipv4/ip_forward)
    DOCKER_HOST="unix://$WORK/docker.sock"
    export DOCKER_HOST
    nice dockerd --ip 127.0.0.1 --host "$DOCKER_HOST" --pidfile "$WORK/docker.pid" \
        --data-root "$WORK/data" --exec-root "$WORK/exec" >"$WORK/dockerd.log" 2>&1 &
    ENGINE=$!
    waited=0
    until docker info >/dev/null 2>&1; do
        kill -0 "$ENGINE" 2>/dev/null && [ "$waited" -lt 60 ] || {
            tail -n 20 "$WORK/dockerd.log" >&2
            fail "dockerd does not start here; the end of its log is above."
        }
        waited=$((waited + 1))
        sleep 1
    done
}

# An engine leaves its network interfaces and rules behind; remove ours.
stop_engine() {
    kill "$ENGINE" 2>/dev/null || true
    wait "$ENGINE" 2>/dev/null || true
    for link in $(ls /sys/class/net); do
        case $link in
            docker0 | br-*) grep -qx "$link" "$WORK/links" || ip link delete "$link" ;;
        esac
    done
    umount "$WORK"/exec/netns/* 2>/dev/null || true
    iptables-restore <"$IPTABLES"
    echo "$FORWARD" >/proc/sys/net/ipv4/ip_forward
}

# Images without a registry

base_image() { sed -n 's/^ARG BASE=//p' Dockerfile; }
server_images() { sed -n 's/^    image: //p' docker-compose.yml; }
without_digests() { sed 's/@sha256:[0-9a-f]*//'; }

pull_images() {
    for image in $(base_image) $(! is_selected platform || server_images); do
        docker image inspect "$image" >/dev/null 2>&1 || timeout 600 docker pull --quiet "$image" || return 1
    done
}

# Use this machine's Debian mirror, certificates and pip settings.
make_base() {
    say "no image registry is reachable; building $1 from Debian's packages"
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $SUITE" | head -n 1)
    [ -n "$mirror" ] || fail "apt has no mirror of Debian 12 ($SUITE) on this machine."
    tree="$WORK/tree"
    nice debootstrap --variant=minbase --include=ca-certificates "$SUITE" "$tree" "$mirror" >"$WORK/debootstrap.log" 2>&1 || {
        tail -n 5 "$WORK/debootstrap.log" >&2
        fail "debootstrap failed; the end of its log is above."
    }
    rm -f "$tree"/etc/apt/sources.list "$tree"/var/cache/apt/archives/*.deb
    cp -r /etc/apt/. "$tree/etc/apt/"
    rm -f "$tree"/etc/apt/preferences.d/*
    [ ! -e /etc/pip.conf ] || cp /etc/pip.conf "$tree/etc/"
    for certificate in /usr/local/share/ca-certificates/*.crt; do
        [ ! -e "$certificate" ] || cp "$certificate" "$tree/usr/local/share/ca-certificates/"
    done
    chroot "$tree" update-ca-certificates >/dev/null 2>&1
    tar --directory "$tree" --create . | docker import - "$1" >/dev/null
    rm -rf "$tree"
}

# A local image has no digest of a registry: use the names without.
build_local_images() {
    BASE=$(base_image | without_digests)
    export BASE
    COMPOSE_YAML="$WORK/docker-compose.yml"
    without_digests <docker-compose.yml >"$COMPOSE_YAML"
    make_base "$BASE"
    is_selected platform || return 0
    libs=$(.venv/bin/python -m tools.local_services.missing_packages kafka-libs)
    [ -d "$libs" ] || fail "Kafka's jars are missing in $libs: run make setup-services."
    cp -r deploy/local-images "$WORK/"
    mkdir "$WORK/local-images/kafka/libs"
    cp "$libs"/*.jar "$WORK/local-images/kafka/libs/"
    for image in $(server_images | without_digests); do
        case $image in
            *postgres* | *pgvector*) build "$WORK/local-images/postgres" "$image" ;;
            *kafka*) build "$WORK/local-images/kafka" "$image" ;;
            *redis*) build "$WORK/local-images/redis" "$image" ;;
        esac
    done
}

# Builds

# Proxies are predefined build arguments, which Docker keeps out of the image.
build() {
    say "building $2"
    set -- --quiet --tag "$2" "$1"
    [ -z "${BASE:-}" ] || set -- --build-arg BASE "$@"
    for proxy in HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy; do
        eval "value=\${$proxy:-}"
        [ -z "$value" ] || set -- --build-arg "$proxy" "$@"
    done
    # Use the legacy builder if BuildKit is not installed.
    docker buildx version >/dev/null 2>&1 || export DOCKER_BUILDKIT=0
    nice docker build "$@" >"$WORK/build.log" 2>&1 || {
        tail -n 20 "$WORK/build.log" >&2
        fail "the build of an image failed; the end of the log is above."
    }
}

# The check

is_selected() { case " $SELECTED " in *" $1 "*) ;; *) return 1 ;; esac; }

same_versions() {
    kafka=$(sed -n 's:.*<kafka.version>\(.*\)</kafka.version>.*:\1:p' tools/local_services/pom.xml)
    server_images | without_digests | grep -qx "apache/kafka:$kafka" ||
        fail "docker-compose.yml must use Kafka $kafka, as tools/local_services/pom.xml does."
    ! { base_image && server_images; } | without_digests | grep -q -e ':latest$' -e '^[^:]*$' ||
        fail "an image of docker-compose.yml has no version."
}

# The state of one container: healthy, starting, running, exited-0 ...
state() {
    docker inspect --format \
        '{{if .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}{{if eq .State.Status "exited"}}-{{.State.ExitCode}}{{end}}' \
        "$1"
}

states() {
    for container in $(compose --profile "$1" ps --quiet --all 2>/dev/null || compose --profile "$1" ps --quiet); do
        echo "$(docker inspect --format '{{index .Config.Labels "com.docker.compose.service"}}' "$container") $(state "$container")"
    done
}

check() {
    profile=$1 service=$2
    say "starting the profile $profile"
    begun=$(date +%s)
    start "$profile" "$service"
    say "$service is ready $(($(date +%s) - begun)) s after the start"
    alive "$profile"
    session=$(accept) || fail_with_logs "$profile" "failed the smoke test"
    say "session $session has the repetitions of the video"
    [ "$profile" != platform ] || relayed
    alive "$profile"
    states "$profile" | sed 's/^/  /'
    compose --profile "$profile" down >"$WORK/down.log" 2>&1
    start "$profile" "$service"
    accept --session "$session" >/dev/null || fail_with_logs "$profile" "lost a session after a restart"
    compose --profile "$profile" down --volumes >"$WORK/down.log" 2>&1
    say "$profile passed, after $(($(date +%s) - begun)) s"
}

start() {
    compose --profile "$1" up --detach --no-build >"$WORK/up.log" 2>&1 || fail_with_logs "$1" "did not start"
    waited=0
    until states "$1" | grep -qx "$2 healthy"; do
        [ "$waited" -lt "$READY_WITHIN_S" ] || fail_with_logs "$1" "was not healthy within $READY_WITHIN_S s"
        waited=$((waited + 1))
        sleep 1
    done
}

accept() {
    .venv/bin/python -m deploy.smoke_test "http://$(compose --profile "$profile" port "$service" 8765)" "$@"
}

# Wait until all events of the log are on Kafka.
relayed() {
    url="http://$(compose --profile platform port api 8765)/readyz"
    head=$(.venv/bin/python -c 'import json, sys, urllib.request as r; print(json.load(r.urlopen(sys.argv[1]))["position"])' "$url")
    waited=0
    until [ "$(compose --profile platform exec -T relay kinelog events position)" = "$head" ]; do
        [ "$waited" -lt 60 ] || fail_with_logs platform "did not relay the $head events of the log to Kafka"
        waited=$((waited + 1))
        sleep 1
    done
    say "all $head events of the log are on Kafka"
}

alive() {
    ! states "$1" | grep -v -e ' healthy$' -e ' running$' -e '^set-up .*exited-0$' ||
        fail_with_logs "$1" "has services that are not running (above)"
    restarted "$1"
}

# A worker in a restart loop looks alive in between.
restarted() {
    for container in $(compose --profile "$1" ps --quiet); do
        [ "$(docker inspect --format '{{.RestartCount}}' "$container")" = 0 ] ||
            fail_with_logs "$1" "has a service that restarted: $(docker inspect --format '{{.Name}}' "$container")"
    done
}

fail_with_logs() {
    cat "$WORK/up.log" >&2
    states "$1" >&2
    compose --profile "$1" logs --tail 20 >&2
    fail "$1 $2; the ends of the logs are above."
}

clean_up() {
    status=$?
    trap - EXIT INT TERM
    forget_policy
    if [ -e "$WORK/env" ] && docker info >/dev/null 2>&1; then
        compose --profile embedded --profile platform down --volumes >/dev/null 2>&1 || true
        for image in kinelog $(sed -n 's/^FROM kinelog AS /kinelog-/p' Dockerfile); do
            docker image rm "$image:check" >/dev/null 2>&1 || true
        done
    fi
    [ -z "${ENGINE:-}" ] || stop_engine
    rm -rf "$WORK"
    exit "$status"
}

SELECTED="${*:-embedded platform}"
trap clean_up EXIT
trap 'exit 130' INT TERM
same_versions
PACKAGES=$(missing_packages | sort -u)
# shellcheck disable=SC2086  # a list of packages
[ -z "$PACKAGES" ] || install_packages $PACKAGES
if docker info >/dev/null 2>&1; then
    pull_images || fail "the images of docker-compose.yml cannot be pulled."
else
    start_engine
    pull_images >/dev/null 2>&1 || build_local_images
fi
build "$ROOT" kinelog:check
sh deploy/images.sh "" check
sh deploy/new-env.sh "$WORK/env" >/dev/null
# A free port, to avoid conflicts. The environment overrides the file. The athlete of deploy.smoke_test has no
# account, hence no sign-in.
export KINELOG_VERSION=check KINELOG_PUBLISH=127.0.0.1:0 KINELOG_SIGN_IN=open
! is_selected embedded || check embedded embedded
! is_selected platform || check platform api
