#!/bin/sh
# Run by PostgreSQL's image on a new volume: creates Kinelog's database and its two logins.
#
# `kinelog` runs the platform. It assumes one of the roles of the event log at a time (NOINHERIT). `kinelog_owner` is for
# `kinelog db upgrade` only: it owns the database and the event log, and may create roles. Neither is a superuser, because
# superusers bypass row-level security. Only a superuser may create pgvector.
set -eu
: "${KINELOG_POSTGRES_PASSWORD:?has no value: run sh deploy/new-env.sh}"
: "${KINELOG_POSTGRES_OWNER_PASSWORD:?has no value: add a random one to .env}"
export KINELOG_POSTGRES_PASSWORD KINELOG_POSTGRES_OWNER_PASSWORD

psql --set=ON_ERROR_STOP=1 --quiet --no-psqlrc --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\getenv password KINELOG_POSTGRES_PASSWORD
\getenv owner_password KINELOG_POSTGRES_OWNER_PASSWORD
CREATE ROLE kinelog LOGIN NOINHERIT PASSWORD :'password';
CREATE ROLE kinelog_owner LOGIN CREATEROLE PASSWORD :'owner_password';
CREATE ROLE kinelog_app NOLOGIN;
CREATE ROLE kinelog_reader NOLOGIN;
CREATE ROLE kinelog_relay NOLOGIN;
GRANT kinelog_app, kinelog_reader, kinelog_relay TO kinelog;
GRANT kinelog TO kinelog_owner;
CREATE DATABASE kinelog OWNER kinelog_owner;
REVOKE ALL ON DATABASE kinelog FROM PUBLIC;
\connect kinelog
SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'vector') AS has_vector \gset
\if :has_vector
CREATE SCHEMA knowledge AUTHORIZATION kinelog;
CREATE EXTENSION vector SCHEMA knowledge;
\endif
SQL
