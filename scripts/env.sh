# Sourced by every script (`. scripts/env.sh`, bash): where caches live, which toolchain
# builds, what is on PATH. Nothing here installs anything; scripts/setup.sh does.

PARALLAX_ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
PARALLAX_CACHE="${PARALLAX_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/parallax}"
# Outside the checkout, so that a fresh clone builds with a warm cache.
CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PARALLAX_CACHE/target}"
export PARALLAX_ROOT PARALLAX_CACHE CARGO_TARGET_DIR

# setup.sh leaves the name of the toolchain that has both targets here. One toolchain
# builds host and client, or procedural macros and build scripts are compiled twice.
if [ -z "${RUSTUP_TOOLCHAIN:-}" ] && [ -s "$PARALLAX_CACHE/toolchain" ]; then
  RUSTUP_TOOLCHAIN="$(cat "$PARALLAX_CACHE/toolchain")"
  export RUSTUP_TOOLCHAIN
fi

# Sourced twice, PATH stays as it is.
parallax_path() {
  case ":$PATH:" in
    *":$1:"*) ;;
    *) if [ "$2" = first ]; then PATH="$1:$PATH"; else PATH="$PATH:$1"; fi ;;
  esac
}
parallax_path "${CARGO_HOME:-$HOME/.cargo}/bin" first
parallax_path "$PARALLAX_CACHE/tools/bin" first
# wasm-opt and esbuild come with the client's npm packages.
parallax_path "$PARALLAX_ROOT/frontend/node_modules/.bin" first
# Debian keeps PostgreSQL's server tools off the PATH.
for dir in /usr/lib/postgresql/*/bin; do
  if [ -d "$dir" ]; then parallax_path "$dir" last; fi
done
export PATH
unset -f parallax_path
unset dir

# The host embeds the built client; the macro that does it wants the folder to exist, also
# where only the host is checked or tested.
mkdir -p "$PARALLAX_ROOT/dist"

# Playwright drives Debian's Chromium and must not download one of its own.
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
export PLAYWRIGHT_CHROMIUM_EXECUTABLE="${PLAYWRIGHT_CHROMIUM_EXECUTABLE:-/usr/bin/chromium}"
