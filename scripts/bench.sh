#!/usr/bin/env bash
# Runs the benchmarks of server/benches: the parts by themselves, then each figure as a ratio to
# its budget; fails where one is missed. Words choose among the ratios, and leave the parts out:
# scripts/bench.sh ceiling sqlite
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
[ $# -gt 0 ] || cargo bench --locked -p parallax --bench parts
exec scripts/with-postgres.sh cargo bench --locked -p parallax --bench ratios -- "$@"
