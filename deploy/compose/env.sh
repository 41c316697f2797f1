#!/usr/bin/env bash
# Writes .env beside this file: .env.example with a value drawn for every secret. What is set already stays; nobody else may read it.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
draw() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
digest() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1; }

umask 077
if [[ ! -f .env ]]; then
  cp .env.example .env
fi
key=$(sed -n 's/^FOREWARN_API_KEY=//p' .env)
key=${key:-$(draw)}
while IFS= read -r line; do
  case $line in
  FOREWARN_API_KEY=) printf '%s%s\n' "$line" "$key" ;;
  # Ingestion knows only the digest of the key.
  FOREWARN_API_KEY_SHA256=*) printf 'FOREWARN_API_KEY_SHA256=%s\n' "$(printf %s "$key" | digest)" ;;
  POSTGRES_PASSWORD= | DAPR_API_TOKEN= | APP_API_TOKEN= | GATEWAY__ACCESSTOKEN= | GRAFANA_PASSWORD= | READER_PASSWORD=) printf '%s%s\n' "$line" "$(draw)" ;;
  *) printf '%s\n' "$line" ;;
  esac
done <.env >.env.new
mv .env.new .env
echo "$PWD/.env is complete. Sign in at the dashboard with: sed -n 's/^GATEWAY__ACCESSTOKEN=//p' $PWD/.env"
