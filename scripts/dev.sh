#!/usr/bin/env bash
# http://127.0.0.1:8080 with the client rebuilt and reloaded on change (Trunk), and behind
# it the host on port 3000, rebuilt and started again on change. Ctrl-C ends both. The client
# has the page /styleguide.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

cargo fetch --quiet --locked --target wasm32-unknown-unknown

children=()
stop() {
  trap '' INT TERM HUP
  kill -TERM "${children[@]}" 2>/dev/null || true
  wait
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# entr returns when a file was added or removed: list them anew. A host that does not compile
# is tried again at the next change.
watch_host() {
  local watcher=
  trap 'kill -TERM $watcher 2>/dev/null; wait $watcher; exit' TERM
  while true; do
    find Cargo.toml app server migrations -type f \( -name '*.rs' -o -name '*.toml' -o -name '*.json' \) |
      entr -dnr bash -c \
        'cargo build --locked -p parallax --bin parallax && exec "$CARGO_TARGET_DIR/debug/parallax" serve' &
    watcher=$!
    wait "$watcher" || true
    sleep 0.5
  done
}

watch_host &
children+=($!)
# A folder of its own: the release build in dist/ stays as it is.
trunk serve --dist build/dev --features styleguide &
children+=($!)
# Where one of them ends, both do.
wait -n
