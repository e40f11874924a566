#!/usr/bin/env bash
# build.sh [PROFILE]: leaves the finished binary, client inside, at build/parallax. Without a
# profile of Cargo.toml it is the one to release; `quick` is compiled sooner and runs slower.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

profile="${1:-release}"
# First the client: the host embeds dist/.
if [ "$profile" = quick ]; then scripts/client.sh wasm-quick; else scripts/client.sh; fi
cargo build --profile "$profile" --locked -p parallax --bin parallax
mkdir -p build
# Replaced, not overwritten: a running host keeps its file.
install -m 755 "$CARGO_TARGET_DIR/$profile/parallax" build/parallax.new
mv build/parallax.new build/parallax
