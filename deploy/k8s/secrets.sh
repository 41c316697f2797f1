#!/usr/bin/env bash
# Makes the secrets that the chart names, with random content, where they are not there yet. Nothing is overwritten, and no
# content is printed. For an external PostgreSQL give the connections; otherwise they lead to the one inside.
#
#   deploy/k8s/secrets.sh [--namespace NAMESPACE] [--release RELEASE]
#                         [--connection 'Host=...;Username=...;Password=...;Database=...' --state-connection 'host=... user=... password=... dbname=...']
set -euo pipefail

namespace=forewarn
release=forewarn
connection=
state=

usage() {
  sed -n '2,6s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || usage
  case $1 in
  --namespace) namespace=$2 ;;
  --release) release=$2 ;;
  --connection) connection=$2 ;;
  --state-connection) state=$2 ;;
  *) usage ;;
  esac
  shift 2
done
if [ "${connection:+given}" != "${state:+given}" ]; then
  echo "--connection and --state-connection belong together: history and Dapr use the same server, in two forms." >&2
  exit 2
fi

# Letters and digits only: neither form of a connection has to quote them.
random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
sha256() { printf %s "$1" | { sha256sum 2>/dev/null || shasum -a 256; } | cut -d' ' -f1; }
exists() { kubectl --namespace "$namespace" get secret "$1" --output name >/dev/null 2>&1; }

# make NAME KEY=VALUE...: through standard input, as arguments of a process can be read by everybody on the machine.
make() {
  local name=$1 entry
  shift
  if exists "$name"; then
    echo "$name is there; unchanged"
    return
  fi
  {
    printf 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: %s\ntype: Opaque\ndata:\n' "$name"
    for entry in "$@"; do
      printf '  %s: %s\n' "${entry%%=*}" "$(printf %s "${entry#*=}" | base64 | tr -d '\n')"
    done
  } | kubectl --namespace "$namespace" create --filename - >/dev/null
  echo "$name made"
}

kubectl get namespace "$namespace" --output name >/dev/null 2>&1 || kubectl create namespace "$namespace" >/dev/null

password=$(random)
# As the chart names its PostgreSQL: the release, with the chart's name where it does not hold it.
case $release in
*forewarn*) server=$release-postgres ;;
*) server=$release-forewarn-postgres ;;
esac
connection=${connection:-"Host=$server;Username=forewarn;Password=$password;Database=forewarn"}
state=${state:-"host=$server user=forewarn password=$password dbname=forewarn"}
key=$(random)

make forewarn-postgres "password=$password" "connection=$connection" "state=$state"
make forewarn-dapr-api "token=$(random)"
make forewarn-dapr-app "token=$(random)"
make forewarn-access "token=$(random)"
make forewarn-ingest "key=$key" "sha256=$(sha256 "$key")"
