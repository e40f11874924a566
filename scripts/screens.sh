#!/usr/bin/env bash
# Measures what people feel of the screens, against bounds: sizes, what Lighthouse says, what moves,
# how soon a page and the demonstration are there, what a page asks for, what it leaves in memory, what
# axe finds. Prints one table; fails where a bound is missed. Words choose among the parts, and leave
# the rest out:
#   scripts/screens.sh [sizes] [lighthouse] [shift] [home] [routes] [requests] [memory] [axe]
# The history that they are measured on is made once a day for each binary (build/screens-data).
# PARALLAX_SCREENS_RUNS     how often Lighthouse and route changes are measured, 5 if nothing is said
# PARALLAX_SCREENS_STATES   "no": axe looks at pages alone, without the windows and menus on them
# PARALLAX_BINARY           names the host; without it one is built, of the profile `quick`: it is
#                           slower than the one to release, so what holds for it holds for that one
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
. scripts/steps.sh

readonly PARTS=(sizes shift home requests routes memory axe lighthouse)
chosen=("$@")
if [ $# -eq 0 ]; then chosen=("${PARTS[@]}"); fi
files=()
sizes=
for part in "${chosen[@]}"; do
  case " ${PARTS[*]} " in
    *" $part "*) ;;
    *)
      echo "usage: scripts/screens.sh [${PARTS[*]}]" >&2
      exit 2
      ;;
  esac
  if [ "$part" = sizes ]; then sizes=yes; else files+=("screens/$part.spec"); fi
done

# First the client to release: the host is content with it, and embeds it.
scripts/client.sh
if [ -z "${PARALLAX_BINARY:-}" ] && [ ${#files[@]} -gt 0 ]; then
  scripts/build.sh quick
  PARALLAX_BINARY=build/parallax
fi

mkdir -p build/test-results
table="$PARALLAX_ROOT/build/test-results/screens.txt"
: >"$table"
histories="$PARALLAX_ROOT/build/screens-data"

sizes() { scripts/check-size.sh | tee -a "$table"; }

measures() {
  (
    PARALLAX_BINARY="$(realpath "$PARALLAX_BINARY")"
    # The long history ends today, and its tables are those of the binary; others are of no use any more.
    of="$(date -u +%F)-$(sha256sum "$PARALLAX_BINARY" | cut -c 1-16)"
    mkdir -p "$histories"
    find "$histories" -mindepth 1 -maxdepth 1 ! -name "$of*" -exec rm -rf {} +
    export PARALLAX_BINARY PARALLAX_SCREENS_TABLE="$table" PARALLAX_SCREENS_DATA="$histories/$of"
    cd end2end
    npx --no-install playwright test --config screens.config.ts "${files[@]}"
  )
}

if [ -n "$sizes" ]; then step "sizes" sizes; fi
if [ ${#files[@]} -gt 0 ]; then step "in the browser" measures; fi
printf '\n== the table (%s)\n' "${table#"$PARALLAX_ROOT/"}"
cat "$table"
steps_end
