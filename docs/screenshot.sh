#!/usr/bin/env bash
# Takes the README's picture anew: the browser tests start the platform, a simulated fault, and a real browser.
set -euo pipefail
cd "$(dirname "$0")/.."
./forewarn test --only browser
cp artifacts/screenshots/live-1440-dark.png docs/dashboard.png
