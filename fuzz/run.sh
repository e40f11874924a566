#!/usr/bin/env bash
# fuzz/run.sh TARGET [SECONDS]: builds a target with coverage and feeds it, one job, at low
# priority. What cargo-fuzz does, without its installation and without a nightly compiler.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ../scripts/env.sh
target="${1:?which target: detector, sentiment, citations or linear}"
seconds="${2:-600}"
coverage="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
  -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
  -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1"
triple="$(rustc -vV | sed -n 's/^host: //p')"
mkdir -p "corpus/$target" artifacts
cp ../Cargo.lock Cargo.lock
RUSTFLAGS="--cfg fuzzing $coverage" CARGO_TARGET_DIR="$CARGO_TARGET_DIR/fuzz" \
  nice -n 15 cargo build --release --target "$triple" --bin "$target"
exec nice -n 15 "$CARGO_TARGET_DIR/fuzz/$triple/release/$target" "corpus/$target" \
  -max_total_time="$seconds" -max_len=4096 -timeout=10 -artifact_prefix=artifacts/ \
  -dict=words.dict -print_final_stats=1
