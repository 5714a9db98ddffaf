#!/bin/bash
# Keeps the contract of the official postgres image as far as tests use it: POSTGRES_USER, POSTGRES_PASSWORD,
# POSTGRES_DB, POSTGRES_INITDB_ARGS and PGDATA, files in /docker-entrypoint-initdb.d, a command line for the server, and
# a data directory that already holds a cluster.
set -Eeuo pipefail

[ "${1:0:1}" != - ] || set -- postgres "$@"
[ "$1" = postgres ] || exec "$@"

mkdir -p "$PGDATA"
if [ "$(id -u)" = 0 ]; then
  chown -R postgres "$PGDATA" /run/postgresql
  exec gosu postgres "${BASH_SOURCE[0]}" "$@"
fi
chmod 700 "$PGDATA"

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  : "${POSTGRES_PASSWORD:?is not set, and the server needs a password}"
  user=${POSTGRES_USER:-postgres}
  database=${POSTGRES_DB:-$user}
  # shellcheck disable=SC2086 # the arguments are separate words
  initdb --username="$user" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") ${POSTGRES_INITDB_ARGS:-}
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"

  # The server that sets things up listens on its socket only, so that nobody takes it for the real one.
  pg_ctl -D "$PGDATA" -o '-c listen_addresses=' -w start
  sql() { psql --set ON_ERROR_STOP=1 --no-psqlrc --username "$user" --dbname "$@"; }
  [ "$database" = postgres ] || sql postgres --set name="$database" <<<'CREATE DATABASE :"name"'
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sh) bash "$file" ;;
      *.sql) sql "$database" --file "$file" ;;
      *.sql.gz) gunzip --stdout "$file" | sql "$database" ;;
    esac
  done
  pg_ctl -D "$PGDATA" -m fast -w stop
fi
exec "$@"
