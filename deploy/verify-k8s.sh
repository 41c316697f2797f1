#!/usr/bin/env bash
# Installs the chart into a namespace of its own, or upgrades it there, then: send, score, alert by mail and webhook, kill pods,
# compare counts. It needs a cluster with the Dapr control plane and the images, kubectl, helm and curl.
#
#   NAMESPACE=forewarn-verify   where; it is deleted at the end unless it was there before or KEEP is set
#   REGISTRY=, TAG=             where images come from, as image.registry and image.tag
#   VALUES=values-small.yaml    profile of the chart, or a file of your own
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/k8s"
namespace=${NAMESPACE:-forewarn-verify}
release=forewarn
values=${VALUES:-forewarn/values-small.yaml}
[[ -f $values ]] || values=forewarn/$values
# shellcheck source=checks.sh
. ../checks.sh
run=$$-$(date +%s)
pids=()

needs kubectl helm curl
kubectl get crd components.dapr.io >/dev/null 2>&1 ||
  { echo "The cluster does not answer, or has no Dapr: \`dapr init --kubernetes --wait\`, or the chart dapr/dapr (docs/kubernetes.md)." >&2; exit 2; }

k() { kubectl --namespace "$namespace" "$@"; }

existed=
kubectl get namespace "$namespace" >/dev/null 2>&1 && existed=yes
finish() {
  local code=$? pid
  for pid in ${pids[@]+"${pids[@]}"}; do kill "$pid" 2>/dev/null || true; done
  rm -rf "$work"
  if [[ -z $existed && -z ${KEEP:-} ]]; then
    kubectl delete namespace "$namespace" --wait=false >/dev/null 2>&1 || true
  fi
  totals "$code"
}
trap finish EXIT

# Everybody is told by mail and webhook, into pods that keep it.
cat >"$work/values.yaml" <<YAML
email: { host: verify-mail, port: 1025 }
webhook: { url: "http://verify-hooks:8080" }
alerting:
  config:
    receivers:
    - name: verify
      console: true
      email: { binding: email, from: forewarn@example.com, to: verify@example.com }
      webhook: { binding: webhook }
    routes:
    - { name: all, receivers: verify }
YAML

catchers() {
  k apply --filename - <<YAML
apiVersion: v1
kind: Pod
metadata: { name: verify-mail, labels: { app: verify-mail } }
spec:
  automountServiceAccountToken: false
  containers:
  - { name: mail, image: "axllent/mailpit:v1.22.3", ports: [{ containerPort: 1025 }, { containerPort: 8025 }] }
---
apiVersion: v1
kind: Service
metadata: { name: verify-mail }
spec: { selector: { app: verify-mail }, ports: [{ name: smtp, port: 1025 }, { name: http, port: 8025 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: verify-hooks, labels: { app: verify-hooks } }
spec:
  automountServiceAccountToken: false
  containers:
  - name: hooks
    image: mendhak/http-https-echo:37
    env: [{ name: HTTP_PORT, value: "8080" }, { name: LOG_WITHOUT_NEWLINE, value: "true" }]
---
apiVersion: v1
kind: Service
metadata: { name: verify-hooks }
spec: { selector: { app: verify-hooks }, ports: [{ port: 8080 }] }
YAML
}

install() {
  helm upgrade --install "$release" forewarn --namespace "$namespace" --values "$values" --values "$work/values.yaml" \
    --set-string "image.registry=${REGISTRY:-}" --set-string "image.tag=${TAG:-}" --wait --timeout 15m
}

printf 'Installing; the first time pulls the images, which takes some minutes.\n'
check 'secrets are there' ./secrets.sh --namespace "$namespace" --release "$release"
check 'mail and webhooks have where to go' catchers
check 'every pod becomes ready' install
check 'helm test: a metric is sent and its score comes back' helm test "$release" --namespace "$namespace" --timeout 5m

secret() { k get secret "$1" --output "jsonpath={.data.$2}" | base64 -d; }
forward() { # name, local port, port: for as long as this runs, and again when its pod has gone
  (
    child=
    trap 'kill "$child" 2>/dev/null; exit' TERM
    while :; do
      k port-forward "service/$1" "$2:$3" &
      child=$!
      wait "$child" || true
      sleep 1
    done
  ) >/dev/null 2>&1 &
  pids+=($!)
}
forward "$release-gateway" 17700 7700
forward "$release-ingestion" 17701 7701
forward verify-mail 17702 8025
mail=http://127.0.0.1:17702
sign_in http://127.0.0.1:17700 "$(secret forewarn-access token)" http://127.0.0.1:17701/v1/metrics/json "$(secret forewarn-ingest key)"

check 'the dashboard asks who is there' eventually 30 answers 401 "$gateway/api/status"
check 'metrics without a key are refused' eventually 30 answers 401 --header 'Content-Type: application/json' --data '{}' "$door"

# ---- alert ----
fault=verify-fault-$run
simulator() {
  k run "verify-simulator-$run" --image "${REGISTRY:+${REGISTRY%/}/}forewarn/simulator:${TAG:-$(sed -n 's/^appVersion: //p' forewarn/Chart.yaml)}" \
    --restart Never --labels "app.kubernetes.io/name=forewarn,app.kubernetes.io/instance=$release,app.kubernetes.io/component=verify" \
    --overrides '{"spec":{"automountServiceAccountToken":false,"containers":[{"name":"verify-simulator-'"$run"'","env":[{"name":"FOREWARN_API_KEY","valueFrom":{"secretKeyRef":{"name":"forewarn-ingest","key":"key"}}}]}]}}' \
    --override-type strategic -- simulate --ingest "http://$release-ingestion:7701" --entity "$fault" --history 10m \
    --fault cpu-saturation --after 20s --for 60s --cooldown 10s
}
check 'a simulated host with a fault starts' simulator
check 'it opens an incident' eventually 240 says "\"$fault\"" "/api/incidents?entity=$fault"
mailed() { [[ $(curl --silent --fail --max-time 20 "$mail/api/v1/search?query=$fault") == *"\"messages_count\":"[1-9]* ]]; }
check 'it is told by mail' eventually 60 mailed
hooked() { [[ $(k logs verify-hooks) == *"$fault"* ]]; }
check 'and by webhook' eventually 60 hooked

# ---- kill ----
batches=60 counted=verify-count-$run
from=$(($(date +%s) - batches))
kill_pods() { # component...: without a warning, as a lost node would
  local component
  for component in "$@"; do
    k delete pod --selector "app.kubernetes.io/instance=$release,app.kubernetes.io/component=$component" --grace-period 0 --force >/dev/null 2>&1
  done
}
send_all() {
  local row
  for ((row = 0; row < batches; row++)); do
    # However often it has to be said.
    eventually 240 send "$counted" "$((from + row))000" "$row" || return 1
    case $row in
    15) kill_pods history stream-processor ;;
    30) kill_pods ingestion ;;
    45) kill_pods predictor alerting kafka ;;
    esac
  done
}
samples="/api/export?kind=samples&entity=$counted&from=${from}000&to=$((from + batches))000&format=csv"
stored() { [[ $(rows "$samples") == "$batches" ]]; }
complete() { eventually 300 stored || { echo "$(rows "$samples") of $batches stored"; return 1; }; }
check "$batches batches are acknowledged while pods of five services and of Kafka are killed" send_all
check 'each of them is stored once' complete
check 'and every pod is ready again' k wait --for condition=Available deployment --selector "app.kubernetes.io/instance=$release" --timeout 5m
