# Stops unless everything that this workflow reads of GitHub is set. It learns whether, from IS_SET_SECRET_NAME and
# IS_SET_VARIABLE_NAME, and no value.
set -euo pipefail
where='Settings > Secrets and variables > Actions'
if [[ -n $KEYLOOM_ENVIRONMENT ]]; then
  where="Settings > Environments > $KEYLOOM_ENVIRONMENT"
fi
missing=0
for known in "${!IS_SET_@}"; do
  if [[ ${!known} == true ]]; then
    continue
  fi
  missing=$((missing + 1))
  case $known in
    IS_SET_SECRET_*) what="secret ${known#IS_SET_SECRET_}" ;;
    *) what="variable ${known#IS_SET_VARIABLE_}" ;;
  esac
  printf '::error title=%s::The %s is empty or not set at GitHub. Set it in %s: %s.\n' \
    "$what" "$what" "$GITHUB_REPOSITORY" "$where"
done
if ((missing > 0)); then
  printf 'Nothing was changed: %s without a value.\n' "$missing"
  exit 1
fi
