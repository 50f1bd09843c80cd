#!/bin/sh
# Installs local binaries of PostgreSQL, MariaDB, Kafka, Redis, Ceph and ClamAV, if missing. Starts nothing, and does not
# touch existing servers and clusters. Idempotent: a second run downloads nothing.
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

# Keep Debian's packages from creating a cluster and starting servers.
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
        fail "these Debian packages are missing: $(echo $PACKAGES); install them and run this again."
    echo "kinelog: installing" $PACKAGES
    quietly
    apt-get update -qq || fail "apt-get could not read its sources; see its message above."
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $PACKAGES >/dev/null ||
        fail "apt-get could not install $(echo $PACKAGES); see its message above."
    # Do not start the installed services at boot.
    if [ -d /run/systemd/system ]; then
        case " $(echo $PACKAGES) " in *" redis-server "*) systemctl disable --quiet redis-server ;; esac
        case " $(echo $PACKAGES) " in *" ceph-base "*) systemctl disable --quiet ceph-crash ceph.target ;; esac
        case " $(echo $PACKAGES) " in *" clamav-daemon "*) systemctl disable --quiet clamav-daemon clamav-freshclam ;; esac
    fi
fi

LIBS=$(ask kafka-libs)
if [ ! -d "$LIBS" ]; then
    echo "kinelog: downloading Kafka ${LIBS##*-} into $LIBS"
    rm -rf "$LIBS.partial"
    mkdir -p "$LIBS.partial"
    mvn -B -q -Dstyle.color=never -f "$POM" "$COPY" -DincludeScope=runtime "-DoutputDirectory=$LIBS.partial" </dev/null ||
        fail "downloading Kafka from Maven Central failed; check the network and run this again."
    mv "$LIBS.partial" "$LIBS"
fi
if [ ! -f "$LIBS/classes.jsa" ]; then
    echo "kinelog: preparing Kafka's classes for fast JVM starts"
    ask kafka-classes || fail "Kafka did not start; see its log above."
fi
echo "kinelog: PostgreSQL, MariaDB, Kafka, Redis, Ceph and ClamAV are installed"
