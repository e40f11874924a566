# Sourced by every script: where caches live, which toolchain builds, what is on PATH.
# Nothing here installs anything; scripts/setup.sh does.

PARALLAX_CACHE="${PARALLAX_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/parallax}"
export PARALLAX_CACHE
# Outside the checkout, so that a fresh clone builds with a warm cache.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PARALLAX_CACHE/target}"
export PATH="$PARALLAX_CACHE/tools/bin:$HOME/.cargo/bin:$PATH"

# setup.sh leaves the name of the toolchain that has both targets here. One toolchain
# builds host and client, or procedural macros and build scripts are compiled twice.
if [ -z "${RUSTUP_TOOLCHAIN:-}" ] && [ -s "$PARALLAX_CACHE/toolchain" ]; then
  RUSTUP_TOOLCHAIN="$(cat "$PARALLAX_CACHE/toolchain")"
  export RUSTUP_TOOLCHAIN
fi

# wasm-opt and esbuild come with the client's npm packages.
root_of_checkout="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export PATH="$root_of_checkout/frontend/node_modules/.bin:$PATH"
# Debian ships the wasm linker and PostgreSQL's server tools off the PATH.
for dir in /usr/lib/postgresql/*/bin; do
  [ -d "$dir" ] && export PATH="$PATH:$dir"
done
