#!/usr/bin/env bash
# Starts compose.yaml if it does not run, then: send, score, alert by mail and webhook, kill services, compare counts.
# What runs stays as it is, but for who is told while this runs. It needs Docker with Compose, and curl.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/compose"
# shellcheck source=checks.sh
. ../checks.sh
run=$$-$(date +%s)

needs docker curl
docker compose version >/dev/null 2>&1 || { echo "\`docker compose\` is missing: https://docs.docker.com/compose/install/" >&2; exit 2; }

compose() { docker compose --file compose.yaml --file verify.yaml "$@"; }

finish() {
  local code=$?
  rm -rf "$work"
  # As it was before: nobody takes webhooks.
  docker compose --file compose.yaml up --detach --remove-orphans >/dev/null 2>&1 || true
  totals "$code"
}

[[ -f .env ]] || ./env.sh
setting() { sed -n "s/^$1=//p" .env | tail -n 1; }
token=$(setting GATEWAY__ACCESSTOKEN) key=$(setting FOREWARN_API_KEY)
port=$(setting FOREWARN_PORT) ingest=$(setting FOREWARN_INGEST_PORT) mails=$(setting FOREWARN_MAIL_PORT)
mail=http://127.0.0.1:${mails:-7790}
sign_in "http://127.0.0.1:${port:-7700}" "$token" "http://127.0.0.1:${ingest:-7701}/v1/metrics/json" "$key"

trap finish EXIT
printf 'Starting; the first time builds the images, which takes some minutes.\n'
check 'every container is healthy' compose up --build --detach --wait --wait-timeout 900
check 'the dashboard asks who is there' answers 401 "$gateway/api/status"
check 'and answers who signs in' eventually 60 says '"services"' /api/status

# ---- send ----
now() { echo "$(date +%s)000"; }
check 'metrics without a key are refused' answers 401 --header 'Content-Type: application/json' --data '{}' "$door"
check 'metrics with the key are taken' send "verify-$run" "$(now)" 42
check 'and can be asked for' eventually 60 says "verify-$run" "/api/entities?entity=verify-$run"

# ---- score ----
scored() { [[ $(rows "/api/export?kind=scores&entity=web-1&from=$(($(date +%s) - 300))000&to=$(($(date +%s) + 60))000&format=csv") -gt 0 ]]; }
check 'simulated hosts are scored' eventually 180 scored

# ---- alert ----
fault=verify-fault-$run
compose run --rm --no-TTY --no-deps simulator --ingest http://ingestion:7701 --entity "$fault" --history 10m \
  --fault cpu-saturation --after 20s --for 60s --cooldown 10s >"$work/simulator" 2>&1 &
simulator=$!
check 'an injected fault opens an incident' eventually 180 says "\"$fault\"" "/api/incidents?entity=$fault"
mailed() { [[ $(curl --silent --fail --max-time 20 "$mail/api/v1/search?query=$fault") == *"\"messages_count\":"[1-9]* ]]; }
check 'it is told by mail' eventually 60 mailed
hooked() { [[ $(compose logs --no-log-prefix hooks 2>/dev/null) == *"$fault"* ]]; }
check 'and by webhook' eventually 60 hooked
check 'the simulator ran to its end' wait "$simulator"

# ---- kill ----
batches=60 counted=verify-count-$run
from=$(($(date +%s) - batches))
acknowledged() { # row: until it is taken, however often it has to be said
  eventually 120 send "$counted" "$((from + $1))000" "$1"
}
send_all() {
  local row
  for ((row = 0; row < batches; row++)); do
    acknowledged "$row" || return 1
    case $row in
    15) compose kill --signal SIGKILL history stream-processor ;;
    20) compose start history stream-processor ;;
    30) compose kill --signal SIGKILL ingestion-dapr ingestion ;;
    31) compose start ingestion-dapr ingestion ;;
    45) compose kill --signal SIGKILL kafka ;;
    46) compose start kafka ;;
    esac
  done
}
stored() { [[ $(rows "/api/export?kind=samples&entity=$counted&from=${from}000&to=$((from + batches))000&format=csv") == "$batches" ]]; }
told() { echo "$(rows "/api/export?kind=samples&entity=$counted&from=${from}000&to=$((from + batches))000&format=csv") of $batches stored"; }
complete() { eventually 240 stored || { told; return 1; }; }
check "$batches batches are acknowledged while history, stream-processor, ingestion and Kafka are killed" send_all
check 'each of them is stored once' complete
check 'and every container is healthy again' compose up --detach --wait --wait-timeout 300
