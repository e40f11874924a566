# Sourced after env.sh: runs named steps one after the other, tells how long each took, and
# remembers which failed, so that one run shows all that is wrong.

steps_failed=()
# What a step returns that this machine does not allow; said aloud, not counted as failed.
STEP_NOT_POSSIBLE=77

# step NAME CMD...
step() {
  local name="$1" started=$SECONDS status=0
  shift
  printf '\n== %s\n' "$name"
  "$@" || status=$?
  if [ "$status" = 0 ]; then
    printf -- '-- %s: ok, %d s\n' "$name" $((SECONDS - started))
  elif [ "$status" = "$STEP_NOT_POSSIBLE" ]; then
    printf -- '-- %s: NOT CHECKED, %d s\n' "$name" $((SECONDS - started))
  else
    printf -- '-- %s: FAILED (%d), %d s\n' "$name" "$status" $((SECONDS - started))
    steps_failed+=("$name")
  fi
}

# The verdict over all steps.
steps_end() {
  if [ ${#steps_failed[@]} -eq 0 ]; then return 0; fi
  printf '\nfailed:' >&2
  printf ' [%s]' "${steps_failed[@]}" >&2
  printf '\n' >&2
  return 1
}
