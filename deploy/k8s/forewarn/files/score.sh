# shellcheck shell=sh
# Sends a metric once a second and waits until the platform has judged it. Variables: INGEST, INGEST_KEY, GATEWAY, ACCESS_TOKEN, TIMEOUT_SECONDS.
set -eu
entity="helm-test-$(date +%s)"
from="$(date +%s)000"
deadline=$(($(date +%s) + TIMEOUT_SECONDS))
said=

while [ "$(date +%s)" -lt "$deadline" ]; do
  row="{\"entity\":\"$entity\",\"series\":[{\"name\":\"helm.test\",\"unit\":\"1\"}],\"rows\":[{\"values\":[$(($(date +%s) % 60))]}]}"
  if ! said=$(curl -sS --fail-with-body --max-time 10 -H "Authorization: Bearer $INGEST_KEY" -H 'Content-Type: application/json' \
    -d "$row" "$INGEST/v1/metrics/json" 2>&1); then
    sleep 2
    continue
  fi
  sleep 1
  said=$(curl -sS --fail-with-body --max-time 10 -H "Authorization: Bearer $ACCESS_TOKEN" \
    "$GATEWAY/api/predictions?entity=$entity&from=$from&to=$(date +%s)999" 2>&1) || continue
  case $said in
  *"\"entity\":\"$entity\""*"\"score\":"*)
    echo "passed: $entity was sent, scored, stored and read back"
    exit 0
    ;;
  esac
done
echo "failed: no score of $entity within $TIMEOUT_SECONDS s; the last answer was: $said" >&2
exit 1
