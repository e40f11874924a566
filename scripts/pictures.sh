#!/usr/bin/env bash
# Takes pictures of pages and states for people to look at; end2end/pictures says of which.
#   scripts/pictures.sh [FOLDER]    where they go, build/test-results/pictures if nothing is said
# PARALLAX_BINARY names the host; without it one is built.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

if [ -z "${PARALLAX_BINARY:-}" ]; then
  scripts/build.sh quick
  PARALLAX_BINARY=build/parallax
fi
PARALLAX_BINARY="$(realpath "$PARALLAX_BINARY")"
PARALLAX_PICTURES="$(realpath -m "${1:-build/test-results/pictures}")"
export PARALLAX_BINARY PARALLAX_PICTURES
cd end2end
npx --no-install playwright test --config pictures.config.ts
printf 'pictures: %s\n' "$PARALLAX_PICTURES"
