#!/usr/bin/env bash
# Builds the client for release into dist/, unless dist/ was built from exactly these
# sources already.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

stamp=build/client.stamp

# Everything that the client is made of: its sources, what they are compiled with, and the
# page that came out (`trunk build` without --release writes another one).
state() {
  {
    find .cargo app frontend style public Cargo.toml Cargo.lock Trunk.toml scripts/client.sh \
      -name node_modules -prune -o -type f -print0 | sort -z | xargs -0 sha256sum
    rustc --version
    sha256sum dist/index.html 2>/dev/null || echo "no page"
  } | sha256sum
}

if [ "$(cat "$stamp" 2>/dev/null)" = "$(state)" ]; then exit 0; fi

# Trunk builds offline; this is the one moment at which crates may be downloaded.
cargo fetch --quiet --locked --target wasm32-unknown-unknown
trunk --log warn build --release
mkdir -p build
state >"$stamp"
