#!/usr/bin/env bash
# Sends the served REST what its own document lets expect, and more: no reply may be an error of
# the host or differ from what the document says of it. Takes the binary; logs to the folder
# given second. Nothing leaves this machine: no worker runs, and a key is tried at an address where
# nobody listens.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

binary="${1:?usage: scripts/schemathesis.sh BINARY [FOLDER]}"
logs="${2:-build/test-results}"
tool="$PARALLAX_CACHE/tools/schemathesis/bin/schemathesis"
mkdir -p "$logs"

# Cases of an operation beside those that cover its schema: about a minute in all. A part that
# takes much longer hangs. One worker: two threads that parse Python at once trip over each other
# in Python 3.11 ("AST constructor recursion depth mismatch", CPython's issue 106905).
readonly CASES=5
readonly SECONDS_AT_MOST=240
readonly PASSWORD="schemathesis has no secrets"
readonly CHECKS=not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance

home="$(mktemp -d "${TMPDIR:-/tmp}/parallax-schemathesis.XXXXXX")"
host=
stop() {
  if [ -n "$host" ]; then kill -TERM "$host" 2>/dev/null || true; fi
  rm -rf "$home"
}
trap stop EXIT

port="$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')"
export PARALLAX_DATA_DIR="$home/data" PARALLAX_LISTEN="127.0.0.1:$port" PARALLAX_RATE_LIMIT=1000000
export OPENAI_API_KEY=sk-no-key OPENAI_BASE_URL=http://127.0.0.1:9/v1
unset DATABASE_URL ANTHROPIC_API_KEY GOOGLE_API_KEY PERPLEXITY_API_KEY
printf '%s' "$PASSWORD" | "$binary" user add --admin --password-stdin rest@example.com >"$logs/schemathesis-host.log" 2>&1
token="$("$binary" token rest@example.com 2>>"$logs/schemathesis-host.log")"
"$binary" simulate-history rest@example.com --answers 300 --days 10 --prompts 10 >>"$logs/schemathesis-host.log" 2>&1
"$binary" serve --no-worker >>"$logs/schemathesis-host.log" 2>&1 &
host=$!

# run NAME OPTION...
run() {
  local name="$1"
  shift
  (cd "$home" && timeout "$SECONDS_AT_MOST" "$tool" --config-file "$home/$name.toml" run \
    "http://127.0.0.1:$port/api/openapi.json" --wait-for-schema 20 --no-color --warnings off \
    --header "Authorization: Bearer $token" --checks "$CHECKS" \
    --workers 1 --phases examples,coverage,fuzzing --max-examples "$CASES" --seed 1 \
    --generation-deterministic --no-shrink --continue-on-failure \
    --request-timeout 20 "$@") |
    tee "$logs/schemathesis-$name.log"
}

# Ids of what there is. What is removed here would be missing in the next case; a run would wait
# for a worker.
cat >"$home/known.toml" <<'TOML'
[parameters]
"path.id" = 1
"path.run_id" = 1
"path.query_id" = 1
"path.result_id" = 1
TOML
: >"$home/any.toml"
: >"$home/remove.toml"

failed=0
run known --exclude-method DELETE --exclude-operation-id start_run \
  --exclude-operation-id save_api_keys --exclude-operation-id add_api_keys || failed=1
# Ids of anything. What removes comes last: one of the things removed is the token.
run any --include-operation-id start_run --include-operation-id save_api_keys \
  --include-operation-id add_api_keys || failed=1
run remove --include-method DELETE || failed=1
exit "$failed"
