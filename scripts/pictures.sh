#!/usr/bin/env bash
# Takes pictures of pages and states.
#   scripts/pictures.sh [FOLDER]    for people to look at; end2end/pictures says of which. They go into
#                                   build/test-results/pictures if nothing is said
#   scripts/pictures.sh docs        those of the README, into docs/images
#   scripts/pictures.sh kept        those that the tests compare pages with (end2end/pictures/kept), anew
#                                   where a page looks otherwise: look at what git says has changed
# PARALLAX_BINARY names the host; without it one is built.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh

what="${1:-build/test-results/pictures}"
config=pictures.config.ts
more=()
case "$what" in
  docs)
    folder=docs/images
    more=(readme.spec)
    ;;
  kept)
    folder=end2end/pictures/kept
    config=playwright.config.ts
    more=(same-picture.spec --update-snapshots)
    ;;
  *) folder="$what" ;;
esac

if [ -z "${PARALLAX_BINARY:-}" ]; then
  scripts/build.sh quick
  PARALLAX_BINARY=build/parallax
fi
PARALLAX_BINARY="$(realpath "$PARALLAX_BINARY")"
PARALLAX_PICTURES="$(realpath -m "$folder")"
export PARALLAX_BINARY PARALLAX_PICTURES
mkdir -p "$PARALLAX_PICTURES"
cd end2end
npx --no-install playwright test --config "$config" ${more[@]+"${more[@]}"}
printf 'pictures: %s\n' "$PARALLAX_PICTURES"
