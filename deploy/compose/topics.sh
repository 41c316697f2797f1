#!/usr/bin/env bash
# Makes the topics of components/topics.yaml that are not there yet: topics.sh BROKERS FILE. Runs in Kafka's own image.
set -euo pipefail

brokers=$1 file=$2
tool=${KAFKA_TOPICS:-/opt/kafka/bin/kafka-topics.sh}

partitions=$(awk '$1 == "partitions:" { print $2 }' "$file")
topics=$(awk '/^[^ #-]/ { inside = ($1 == "topics:") } inside && $1 == "-" { print $2 }' "$file")
dead=$(awk '$1 == "deadTopics:" { print $2 }' "$file")
if [[ ! $partitions =~ ^[1-9][0-9]*$ || -z $topics || ! $dead =~ ^(true|false)$ ]]; then
  echo "$file: cannot read 'partitions', 'topics' or 'deadTopics' from it" >&2
  exit 2
fi
[[ $dead == false ]] || topics+=$'\n'$(awk '{ print $1 ".dead" }' <<<"$topics")

# Docker starts this when the broker listens, which is a moment before it answers everything.
for attempt in 1 2 3 4 5 6 7 8 9 10; do
  existing=$("$tool" --bootstrap-server "$brokers" --list) && break
  [[ $attempt -lt 10 ]] || { echo "$brokers does not answer" >&2; exit 1; }
  sleep 3
done

made=0
while read -r topic; do
  if ! grep -qxF "$topic" <<<"$existing"; then
    "$tool" --bootstrap-server "$brokers" --create --if-not-exists --topic "$topic" --partitions "$partitions" --replication-factor 1 </dev/null
    made=$((made + 1))
  fi
done <<<"$topics"
echo "$made topics made, $(wc -l <<<"$topics") there"
