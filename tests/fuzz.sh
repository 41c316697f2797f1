#!/usr/bin/env bash
# Ten million mutated inputs for each parser of ingestion, with a seed of the day: for a nightly job. ./tests/fuzz.sh [INPUTS [SEED [PARSER]]]
set -euo pipefail
cd "$(dirname "$0")/.."
export FOREWARN_FUZZ_INPUTS="${1:-10000000}" FOREWARN_FUZZ_SEED="${2:-$(date +%Y%m%d)}" FOREWARN_FUZZ_PARSER="${3:-}"
echo "$FOREWARN_FUZZ_INPUTS inputs for ${FOREWARN_FUZZ_PARSER:-each parser}, seed $FOREWARN_FUZZ_SEED"
dotnet build tests/Ingestion.Tests -c Release -v q
exec dotnet exec artifacts/bin/Ingestion.Tests/release/Forewarn.Ingestion.Tests.dll -class '*FuzzTests'
