#!/usr/bin/env bash
# Leaves the finished release binary, client inside, at build/parallax.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

# First the client: the host embeds dist/.
scripts/client.sh
cargo build --release --locked -p parallax --bin parallax
mkdir -p build
# Replaced, not overwritten: a running host keeps its file.
install -m 755 "$CARGO_TARGET_DIR/release/parallax" build/parallax.new
mv build/parallax.new build/parallax
