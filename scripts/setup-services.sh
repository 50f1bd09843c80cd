#!/bin/sh
# Installs what is missing to run PostgreSQL, Kafka, Redis and Ceph from local binaries. Starts nothing, and
# leaves servers and clusters that are there as they are. Run again, it does and fetches nothing.
set -eu

COPY=org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies
POM=tools/local_services/pom.xml
CLUSTERS=/etc/postgresql-common/createcluster.d/kinelog.conf
POLICY=/usr/sbin/policy-rc.d

fail() {
    echo "kinelog: $1" >&2
    exit 1
}

ask() { .venv/bin/python -m tools.local_services.missing_packages "$@"; }

# Debian's packages would make a cluster and start servers of their own; nobody asked for those.
quietly() {
    trap 'restore' EXIT INT TERM
    if [ ! -e "$POLICY" ]; then
        printf '#!/bin/sh\nexit 101\n' >"$POLICY"
        chmod +x "$POLICY"
        OUR_POLICY=yes
    fi
    mkdir -p "${CLUSTERS%/*}"
    echo "create_main_cluster = false" >"$CLUSTERS"
}

restore() {
    rm -f "$CLUSTERS"
    [ -z "${OUR_POLICY:-}" ] || rm -f "$POLICY"
}

PACKAGES=$(ask packages)
if [ -n "$PACKAGES" ]; then
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 ||
        fail "these are missing, by the names of Debian's packages: $(echo $PACKAGES); install them and run this again."
    echo "kinelog: installing" $PACKAGES
    quietly
    apt-get update -qq || fail "apt-get could not read its sources; see its message above."
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $PACKAGES >/dev/null ||
        fail "apt-get could not install $(echo $PACKAGES); see its message above."
    # At the next boot none would be one that somebody asked for.
    if [ -d /run/systemd/system ]; then
        case " $(echo $PACKAGES) " in *" redis-server "*) systemctl disable --quiet redis-server ;; esac
        case " $(echo $PACKAGES) " in *" ceph-base "*) systemctl disable --quiet ceph-crash ceph.target ;; esac
    fi
fi

LIBS=$(ask kafka-libs)
if [ ! -d "$LIBS" ]; then
    echo "kinelog: fetching Kafka ${LIBS##*-} into $LIBS"
    rm -rf "$LIBS.partial"
    mkdir -p "$LIBS.partial"
    mvn -B -q -Dstyle.color=never -f "$POM" "$COPY" -DincludeScope=runtime "-DoutputDirectory=$LIBS.partial" </dev/null ||
        fail "Kafka could not be fetched from Maven Central; check the network and run this again."
    mv "$LIBS.partial" "$LIBS"
fi
if [ ! -f "$LIBS/classes.jsa" ]; then
    echo "kinelog: letting Java prepare Kafka's classes for quick starts"
    ask kafka-classes || fail "Kafka did not start; see its log above."
fi
echo "kinelog: PostgreSQL, Kafka, Redis and Ceph are ready to be run"
