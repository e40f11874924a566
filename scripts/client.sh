#!/usr/bin/env bash
# client.sh [PROFILE]: builds the client into dist/, unless dist/ was built from exactly these
# sources already. Without a profile of Cargo.toml it is the one to release; `wasm-quick` is
# compiled sooner and larger, and content with a client to release. `styleguide` is that one with
# the page /styleguide in it, which no released client has.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

readonly RELEASE=wasm-release
kind="${1:-$RELEASE}"
profile="$kind"
features=()
if [ "$kind" = styleguide ]; then
  profile=wasm-quick
  features=(--features styleguide)
fi
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

sources="$(state)"
built="$(cat "$stamp" 2>/dev/null || true)"
if [ "$built" = "$kind $sources" ]; then exit 0; fi
if [ "$kind" != styleguide ] && [ "$built" = "$RELEASE $sources" ]; then exit 0; fi

# Trunk builds offline; this is the one moment at which crates may be downloaded.
cargo fetch --quiet --locked --target wasm32-unknown-unknown
# Trunk's last step reads the name as well: it takes what cargo made.
TRUNK_BUILD_CARGO_PROFILE="$profile" trunk --log warn build --release "${features[@]}"
mkdir -p build
echo "$kind $(state)" >"$stamp"
