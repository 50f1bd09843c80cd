#!/bin/sh
# Like the image `postgres`: a new volume is initialized and set up without network access, before the server
# accepts other connections.
set -eu
PGDATA=${PGDATA:-/var/lib/postgresql/data}
export PGDATA

as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups "$@"; }

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    : "${POSTGRES_PASSWORD:?has no value}"
    mkdir -p "$PGDATA"
    chown postgres: "$PGDATA"
    chmod 700 "$PGDATA"
    # shellcheck disable=SC2086  these are several arguments
    as_postgres initdb --username="${POSTGRES_USER:-postgres}" --auth-local=trust --auth-host=scram-sha-256 \
        ${POSTGRES_INITDB_ARGS:-}
    echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
    as_postgres pg_ctl --wait --options="-c listen_addresses=''" start
    printf '\\getenv password POSTGRES_PASSWORD\nALTER ROLE CURRENT_USER PASSWORD :%s;\n' "'password'" |
        psql --set=ON_ERROR_STOP=1 --quiet --username "${POSTGRES_USER:-postgres}" --dbname postgres
    for script in /docker-entrypoint-initdb.d/*.sh; do
        [ ! -e "$script" ] || "$script"
    done
    as_postgres pg_ctl --wait --mode=fast stop
fi
exec setpriv --reuid=postgres --regid=postgres --init-groups postgres -c listen_addresses='*'
