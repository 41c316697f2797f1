# shellcheck shell=bash
# Creates Forewarn's topics where they are missing. Variables: BROKERS, TOPICS, PARTITIONS, REPLICATION_FACTOR, MAX_MESSAGE_BYTES;
# SASL_MECHANISM, SASL_USERNAME, SASL_PASSWORD; TLS, CA_CERT, CLIENT_CERT, CLIENT_KEY (PEM).
set -euo pipefail
tools=${KAFKA_HOME:-/opt/kafka}/bin
settings=$(mktemp)

# In Kafka's property files a value ends with its line, and a backslash escapes.
one_line() { awk '{ printf "%s\\n", $0 }' <<< "$1"; }

# Within quotes of JAAS, which is a value of such a file.
quoted() {
  local text=${1//\\/\\\\}
  text=${text//\"/\\\"}
  printf %s "${text//\\/\\\\}"
}

protocol=PLAINTEXT
[ -z "${TLS:-}" ] || protocol=SSL
if [ -n "${SASL_MECHANISM:-}" ]; then
  [ -z "${TLS:-}" ] && protocol=SASL_PLAINTEXT || protocol=SASL_SSL
  module=org.apache.kafka.common.security.scram.ScramLoginModule
  [ "$SASL_MECHANISM" != PLAIN ] || module=org.apache.kafka.common.security.plain.PlainLoginModule
  {
    echo "sasl.mechanism=$SASL_MECHANISM"
    echo "sasl.jaas.config=$module required username=\"$(quoted "$SASL_USERNAME")\" password=\"$(quoted "$SASL_PASSWORD")\";"
  } >> "$settings"
fi
echo "security.protocol=$protocol" >> "$settings"
if [ -n "${CA_CERT:-}" ]; then
  { echo ssl.truststore.type=PEM; echo "ssl.truststore.certificates=$(one_line "$CA_CERT")"; } >> "$settings"
fi
if [ -n "${CLIENT_CERT:-}" ]; then
  {
    echo ssl.keystore.type=PEM
    echo "ssl.keystore.certificate.chain=$(one_line "$CLIENT_CERT")"
    echo "ssl.keystore.key=$(one_line "$CLIENT_KEY")"
  } >> "$settings"
fi

kafka_topics() { "$tools/kafka-topics.sh" --bootstrap-server "$BROKERS" --command-config "$settings" "$@"; }

# Whoever started us tries again: a broker may need a while.
known=$(kafka_topics --list)
created=0
for topic in $TOPICS; do
  if grep -qxF "$topic" <<< "$known"; then
    continue
  fi
  kafka_topics --create --if-not-exists --topic "$topic" --partitions "$PARTITIONS" \
    --replication-factor "$REPLICATION_FACTOR" --config "max.message.bytes=$MAX_MESSAGE_BYTES"
  created=$((created + 1))
done
echo "$created topics created"
