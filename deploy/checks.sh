# shellcheck shell=bash
# What the end-to-end checks of compose and the chart share; sourced by verify-*.sh. Leaves a folder in $work and counts in
# $passed and $failed; whoever sources it removes the one and ends with `totals`.
passed=0 failed=0
work=$(mktemp -d)
gateway='' door=''

needs() { # program...: ends when one is missing
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || { echo "$tool is missing; install it and start again." >&2; exit 2; }
  done
}

check() { # title, command...: counts whether the command succeeds
  local title=$1
  shift
  if "$@" >"$work/said" 2>&1; then
    passed=$((passed + 1))
    printf '✓ %s\n' "$title"
  else
    failed=$((failed + 1))
    printf '✗ %s\n' "$title"
    sed 's/^/    /' "$work/said" | tail -n 20
  fi
}

eventually() { # seconds, command...: until it succeeds
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    sleep 2
  done
}

totals() { # exit code so far: prints the counts, and fails when anything did
  printf '%s passed, %s failed\n' "$passed" "$failed"
  (($1 == 0 && failed == 0)) || exit 1
}

sign_in() { # gateway, token, where metrics are sent, key
  gateway=$1 door=$3
  # The secrets go by a file that only this user can read: a command line is for everybody.
  umask 077
  printf 'header = "Authorization: Bearer %s"\n' "$2" >"$work/gateway"
  printf 'header = "Authorization: Bearer %s"\nheader = "Content-Type: application/json"\n' "$4" >"$work/door"
}

ask() { curl --silent --show-error --fail --max-time 20 --config "$work/gateway" "$gateway$1"; }
answers() { # expected, curl's arguments...
  local expected=$1 got
  shift
  got=$(curl --silent --output /dev/null --write-out '%{http_code}' --max-time 20 "$@") || true
  [[ $got == "$expected" ]] || { echo "answers $got, not $expected"; return 1; }
}
says() { # text, path: the answer holds the text
  local answer
  answer=$(ask "$2") && [[ $answer == *"$1"* ]]
}
rows() { # path of an export as CSV: its rows without the header
  ask "$1" | tail -n +2 | wc -l | tr -d ' '
}
send() { # entity, unix milliseconds, value
  answers 202 --config "$work/door" --data "{\"entity\":\"$1\",\"series\":[{\"name\":\"queue.depth\",\"unit\":\"{item}\"}],\"rows\":[{\"t\":$2,\"values\":[$3]}]}" "$door"
}
