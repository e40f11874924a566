#!/usr/bin/env bash
# Runs every command of docs/API.md against a fresh host, in their order; fails with the first
# that fails. Takes the binary.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

binary="$(realpath "${1:?usage: scripts/check-api-walk.sh BINARY}")"
walk="$PARALLAX_ROOT/docs/API.md"
home="$(mktemp -d "${TMPDIR:-/tmp}/parallax-walk.XXXXXX")"
host=
stop() {
  if [ -n "$host" ]; then kill -TERM "$host" 2>/dev/null || true; fi
  rm -rf "$home"
}
trap stop EXIT
cd "$home"

port="$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')"
export PARALLAX_DATA_DIR="$home/data" PARALLAX_LISTEN="127.0.0.1:$port"
unset DATABASE_URL
PASSWORD='a walk has no secrets'
printf '%s' "$PASSWORD" | "$binary" user add --admin --password-stdin you@example.com >host.log 2>&1
HOST="http://127.0.0.1:$port"
TOKEN="$("$binary" token you@example.com 2>>host.log)"
export HOST TOKEN PASSWORD
"$binary" serve >>host.log 2>&1 &
host=$!
for _ in $(seq 100); do
  curl -sf "$HOST/api/llm-monitoring/health" >/dev/null && break
  sleep 0.2
done

awk '/^```sh$/ { inside = 1; next } /^```$/ { inside = 0 } inside' "$walk" >walk.sh
commands="$(grep -c '^curl' walk.sh)"
[ "$commands" -gt 10 ] || { echo "docs/API.md has no commands" >&2; exit 1; }
bash -euo pipefail walk.sh >walk.out || { tail -c 2000 walk.out >&2; tail -n 20 host.log >&2; exit 1; }
for file in answers.jsonl findings.csv snapshots.csv; do
  [ -s "$file" ] || { echo "$file is empty" >&2; exit 1; }
done
echo "$commands commands of docs/API.md: ok"
