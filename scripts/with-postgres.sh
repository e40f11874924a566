#!/usr/bin/env bash
# with-postgres.sh CMD...: runs CMD with DATABASE_URL_TEST naming an empty PostgreSQL that
# lives as long as CMD does. A DATABASE_URL_TEST given from outside is left alone.
# PARALLAX_POSTGRES_SETTINGS holds more of its settings (`-c max_connections=20`),
# PARALLAX_POSTGRES_TLS a folder with the server.crt and server.key to serve TLS with.
set -euo pipefail
. "$(dirname "$0")/env.sh"

[ $# -gt 0 ] || { echo "usage: scripts/with-postgres.sh CMD..." >&2; exit 2; }
if [ -n "${DATABASE_URL_TEST:-}" ]; then exec "$@"; fi
command -v initdb >/dev/null || {
  echo "PostgreSQL's server is missing: run scripts/setup.sh test, or set DATABASE_URL_TEST" >&2
  exit 1
}

# PostgreSQL refuses to run as root. It also wants a working directory that it may enter.
as_postgres() {
  if [ "$(id -u)" = 0 ]; then
    (cd / && runuser -u postgres -- env PATH="$PATH" "$@")
  else
    (cd / && "$@")
  fi
}

free_port() {
  node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

home="$(mktemp -d "${TMPDIR:-/tmp}/parallax-postgres.XXXXXX")"
command_pid=
stop() {
  trap '' INT TERM HUP
  if [ -n "$command_pid" ]; then kill -TERM "$command_pid" 2>/dev/null || true; fi
  as_postgres pg_ctl --silent -D "$home/data" -m immediate stop >/dev/null 2>&1 || true
  rm -rf "$home"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
if [ "$(id -u)" = 0 ]; then chown postgres "$home"; fi

as_postgres initdb --pgdata "$home/data" --username postgres --auth trust \
  --encoding UTF8 --locale C.UTF-8 --no-sync >"$home.log" 2>&1 || { cat "$home.log" >&2; exit 1; }
rm -f "$home.log"

# Its life is one test run: nothing is worth writing to the disk for.
settings=(-c listen_addresses=127.0.0.1 -c "unix_socket_directories=$home" -c fsync=off
  -c synchronous_commit=off -c full_page_writes=off -c max_connections=300)
if [ -n "${PARALLAX_POSTGRES_TLS:-}" ]; then
  for file in server.crt server.key; do
    install -m 600 "$PARALLAX_POSTGRES_TLS/$file" "$home/data/$file"
    if [ "$(id -u)" = 0 ]; then chown postgres "$home/data/$file"; fi
  done
  settings+=(-c ssl=on)
fi
settings+=(${PARALLAX_POSTGRES_SETTINGS:-})
port=
for _ in 1 2 3 4 5; do
  candidate="$(free_port)"
  if as_postgres pg_ctl --silent --wait -D "$home/data" -l "$home/log" \
    -o "-p $candidate ${settings[*]}" start >/dev/null; then
    port="$candidate"
    break
  fi
done
[ -n "$port" ] || { tail -n 20 "$home/log" >&2; exit 1; }

export DATABASE_URL_TEST="postgres://postgres@127.0.0.1:$port/postgres"
# In the background, so that a signal to this script ends both.
"$@" <&0 &
command_pid=$!
status=0
wait "$command_pid" || status=$?
command_pid=
exit "$status"
