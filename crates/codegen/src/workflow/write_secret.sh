# Writes one secret of GitHub to AWS Secrets Manager, unless it is there already. The value is a JSON object with one key.
#
# From the step:     KEYLOOM_VALUE     the value; empty if GitHub has no such secret
#                    KEYLOOM_SOURCE    the secret's name at GitHub, if it is another than the key's
#                    KEYLOOM_SECRET    its name in AWS
#                    KEYLOOM_PROPERTY  the key in the JSON object
# From the workflow: KEYLOOM_PIPELINE, KEYLOOM_ENVIRONMENT (or empty), KEYLOOM_ON_CONFLICT (fail, overwrite, keep),
#                    KEYLOOM_DRY_RUN (true, or anything else)
#
# The value goes from variable to pipe: it is in no argument, no file and no line of a log.
{ set +x; } 2>/dev/null
set -euo pipefail
export LC_ALL=C.UTF-8 AWS_PAGER='' AWS_CLI_AUTO_PROMPT=off AWS_CLI_FILE_ENCODING=UTF-8

value=${KEYLOOM_VALUE-}
unset KEYLOOM_VALUE
secret=$KEYLOOM_SECRET
source=${KEYLOOM_SOURCE-$KEYLOOM_PROPERTY}
# A version that this script has written carries this label beside AWSCURRENT.
label=KEYLOOM
# What Secrets Manager takes.
limit=65536

# Annotates the run, in one line.
tell() {
  local words=${2//'%'/%25}
  words=${words//$'\r'/%0D}
  printf '::%s title=%s::%s\n' "$1" "$secret" "${words//$'\n'/%0A}"
}

stop() {
  tell error "$1"
  exit 1
}

# Runs jq, which alone has the value in its environment.
with_value() {
  VALUE=$value PROPERTY=$KEYLOOM_PROPERTY LABEL=$label jq "$@"
}

# Runs `aws secretsmanager` and prints its answer. If it fails, a byte that no answer holds follows, and its complaint.
call() {
  local complaint
  { complaint=$({ aws secretsmanager "$@" --output json >&3 3>&-; } 2>&1); } 3>&1 && return
  printf '\036%s' "$complaint"
  return 1
}

# Stops with what AWS complained of.
refused() {
  local words=${1##*$'\036'} advice=
  words=${words#"${words%%[![:space:]]*}"}
  case $words in
    *'(AccessDenied'*)
      advice="The role of this workflow lacks a right: apply terraform/$KEYLOOM_PIPELINE/bootstrap."
      ;;
    *'(ResourceNotFoundException)'*)
      advice="Terraform makes the secret: apply terraform/$KEYLOOM_PIPELINE, as this workflow does before."
      ;;
    *'marked for deletion'*)
      advice="Restore it with: aws secretsmanager restore-secret --secret-id $secret"
      ;;
  esac
  # AWS repeats no value; if it ever did, this hides it.
  stop "${words//"$value"/***} $advice"
}

# Says of an answer of get-secret-value whether it is what GitHub has, who wrote it, and which version it is.
judge() {
  printf '%s' "$1" | with_value -r '
    [ if [.SecretString // "" | fromjson?] == [{(env.PROPERTY): env.VALUE}] then "same" else "other" end,
      if any(.VersionStages[]?; . == env.LABEL) then "ours" else "theirs" end,
      .VersionId ] | join(" ")'
}

# Ends here if nothing is to be changed.
unless_dry() {
  if [[ ${KEYLOOM_DRY_RUN-} == true ]]; then
    printf '%s: dry run, %s\n' "$secret" "$1"
    exit 0
  fi
}

# Takes the current version, which says the same, for one that was written here.
adopt() {
  local version=$1 answer holder
  unless_dry 'would mark the current version, which is equal'
  answer=$(call describe-secret --secret-id "$secret") || refused "$answer"
  holder=$(printf '%s' "$answer" | LABEL=$label jq -r '
    [(.VersionIdsToStages // {}) | to_entries[] | select(any(.value[]; . == env.LABEL)) | .key][0] // ""')
  answer=$(call update-secret-version-stage --secret-id "$secret" --version-stage "$label" \
    --move-to-version-id "$version" ${holder:+--remove-from-version-id "$holder"}) || refused "$answer"
  printf '%s: unchanged, version %s\n' "$secret" "$version"
}

# Puts one version and reads it back.
write() {
  local answer version pause
  unless_dry "would write $1"
  answer=$(printf '%s' "$wanted" | call put-secret-value --secret-id "$secret" \
    --version-stages AWSCURRENT "$label" --secret-string file:///dev/stdin) || refused "$answer"
  version=$(printf '%s' "$answer" | jq -r .VersionId)
  for pause in 0 1 2 4 8; do
    sleep "$pause"
    answer=$(call get-secret-value --secret-id "$secret" --version-id "$version" --version-stage AWSCURRENT) || continue
    if [[ $(judge "$answer") == "same ours $version" ]]; then
      printf '%s: wrote %s, version %s\n' "$secret" "$1" "$version"
      return
    fi
  done
  stop "Version $version was put, but AWS does not give it back as the current one."
}

where='Settings > Secrets and variables > Actions'
if [[ -n ${KEYLOOM_ENVIRONMENT-} ]]; then
  where="Settings > Environments > $KEYLOOM_ENVIRONMENT"
fi
if [[ -z $value ]]; then
  stop "The secret $source is empty or not set at GitHub, so nothing was written. Set it in ${GITHUB_REPOSITORY-this repository}: $where."
fi
wanted=$(with_value -cn '{(env.PROPERTY): env.VALUE}')
bytes=$(printf '%s' "$wanted" | wc -c)
if ((bytes > limit)); then
  stop "The secret $source has $bytes bytes as JSON, and AWS takes $limit. Nothing was written."
fi

if answer=$(call get-secret-value --secret-id "$secret"); then
  verdict=$(judge "$answer")
elif [[ $answer == *'(ResourceNotFoundException)'* ]]; then
  verdict=none
elif [[ ${KEYLOOM_DRY_RUN-} == true && $answer == *'(AccessDenied'* ]]; then
  # A dry run applies nothing, and of a new secret AWS says this: its ARN, which is what the role has a right to, is not made yet.
  tell warning "AWS does not let this workflow read the secret: it is not there yet and a run that is no dry run makes it, or the role lacks a right: apply terraform/$KEYLOOM_PIPELINE/bootstrap."
  unless_dry 'would write the first value if the secret is not there yet'
else
  refused "$answer"
fi
case $verdict in
  none) write 'the first value' ;;
  'same ours '*) printf '%s: unchanged, version %s\n' "$secret" "${verdict##* }" ;;
  'same theirs '*) adopt "${verdict##* }" ;;
  'other ours '*) write 'a new value' ;;
  *)
    changed="Its current version, ${verdict##* }, was not written by this workflow and differs from the secret $source of GitHub"
    case $KEYLOOM_ON_CONFLICT in
      overwrite)
        tell warning "$changed. It is overwritten, as onConflict says."
        write 'the value of GitHub over it'
        ;;
      keep) tell notice "$changed. It is kept, as onConflict says." ;;
      *)
        stop "$changed: somebody changed it in AWS. Nothing was written. Set $source to what AWS holds, or say onConflict: overwrite or keep."
        ;;
    esac
    ;;
esac
