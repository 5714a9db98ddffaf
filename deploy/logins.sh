#!/bin/sh
# Runs once, when Postgres makes the database: the login of the servers, which owns nothing. The two roles are those that
# `migrate` gives their rights to.
set -eu
psql --username "$POSTGRES_USER" --dbname "$POSTGRES_USER" --set ON_ERROR_STOP=1 --set password="$SERVER_PASSWORD" <<'SQL'
create role mcp_ro nologin;
create role mcp_app nologin in role mcp_ro;
create role server login password :'password' in role mcp_app;
SQL
