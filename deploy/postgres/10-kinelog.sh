#!/bin/sh
# Run by PostgreSQL's image on a new volume: creates Kinelog's database and its login.
#
# The login is not a superuser, because superusers bypass row-level security. It owns the database, may create
# the roles of the event log, and assumes one of them at a time (NOINHERIT).
set -eu
: "${KINELOG_POSTGRES_PASSWORD:?has no value: run sh deploy/new-env.sh}"
export KINELOG_POSTGRES_PASSWORD

psql --set=ON_ERROR_STOP=1 --quiet --no-psqlrc --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\getenv password KINELOG_POSTGRES_PASSWORD
CREATE ROLE kinelog LOGIN NOINHERIT CREATEROLE PASSWORD :'password';
CREATE ROLE kinelog_app NOLOGIN;
CREATE ROLE kinelog_reader NOLOGIN;
CREATE ROLE kinelog_relay NOLOGIN;
GRANT kinelog_app, kinelog_reader, kinelog_relay TO kinelog;
CREATE DATABASE kinelog OWNER kinelog;
REVOKE ALL ON DATABASE kinelog FROM PUBLIC;
SQL
