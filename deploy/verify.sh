#!/usr/bin/env bash
# An end-to-end check of a deployment: deploy/verify.sh compose|k8s. Prints `N passed, N failed`, and exits with 1 when something failed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
what=${1:-}
if [[ $what != *[!a-z0-9]* && -n $what && -f $here/verify-$what.sh ]]; then
  shift
  exec bash "$here/verify-$what.sh" "$@"
fi
known=$(cd "$here" && printf '%s\n' verify-*.sh | sed 's/^verify-//; s/\.sh$//' | paste -s -d '|' -)
echo "usage: deploy/verify.sh $known" >&2
exit 2
