#!/usr/bin/env bash
# Runs the benchmarks of server/benches: the parts by themselves, what docs/METRICS.md promises
# of intervals and verdicts, then each figure as a ratio to its budget; fails where one is missed.
# Words choose among the ratios, and leave the rest out: scripts/bench.sh ceiling sqlite
# The dashboard of 10,000 to ten million answers takes minutes, and is measured only where it is
# asked for: scripts/bench.sh growth, or growth-sqlite, or growth-postgres-1M.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/env.sh
if [ $# -eq 0 ]; then
  cargo bench --locked -p parallax --bench parts
  cargo bench --locked -p parallax --bench promises
fi
exec scripts/with-postgres.sh cargo bench --locked -p parallax --bench ratios -- "$@"
