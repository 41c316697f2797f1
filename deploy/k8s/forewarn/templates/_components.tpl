{{/*
What the variables are that components/ names by envRef, as YAML: NAME to { value } or { secretKeyRef }. Here they do not
become variables: Dapr's operator reads the secrets, so that no pod needs the right to.
*/}}
{{- define "forewarn.references" -}}
{{- $values := .Values -}}
KAFKA_BROKERS: { value: {{ include "forewarn.brokers" . | quote }} }
FOREWARN_STATE_CONNECTION: {{ include "forewarn.secretOr" (list (required "postgres.secret is empty: name the secret with the connections" $values.postgres.secret) $values.postgres.stateKey "") }}
FOREWARN_MODEL_STORE: { value: {{ include "forewarn.modelFolder" . }} }
FOREWARN_TRAIN_SCHEDULE: { value: {{ $values.training.schedule | quote }} }
# Components load where nobody is told by them; the discard port takes nothing, so that a receiver without its settings shows as not delivered.
FOREWARN_SMTP_HOST: { value: {{ $values.email.host | default "127.0.0.1" | quote }} }
FOREWARN_SMTP_PORT: { value: {{ $values.email.port | quote }} }
FOREWARN_SMTP_USER: {{ include "forewarn.secretOr" (list $values.email.secret $values.email.userKey "") }}
FOREWARN_SMTP_PASSWORD: {{ include "forewarn.secretOr" (list $values.email.secret $values.email.passwordKey "") }}
FOREWARN_SLACK_API: { value: {{ $values.slack.api | quote }} }
FOREWARN_SLACK_AUTHORIZATION: {{ include "forewarn.secretOr" (list $values.slack.authorizationSecret $values.slack.authorizationKey "") }}
FOREWARN_SLACK_WEBHOOK: {{ include "forewarn.secretOr" (list $values.slack.webhookSecret $values.slack.webhookKey "http://127.0.0.1:9") }}
FOREWARN_WEBHOOK_URL: {{ include "forewarn.secretOr" (list $values.webhook.secret $values.webhook.key ($values.webhook.url | default "http://127.0.0.1:9")) }}
FOREWARN_ALERTMANAGER_URL: {{ include "forewarn.secretOr" (list $values.alertmanager.secret $values.alertmanager.key ($values.alertmanager.url | default "http://127.0.0.1:9")) }}
{{- end }}

{{/* list secret key else: a reference where there is a secret, otherwise the text. */}}
{{- define "forewarn.secretOr" -}}
{{- if index . 0 -}}
{ secretKeyRef: { name: {{ index . 0 | quote }}, key: {{ index . 1 | quote }} } }
{{- else -}}
{ value: {{ index . 2 | quote }} }
{{- end -}}
{{- end }}

{{/* What differs here in the metadata of a type of components, as YAML: name to { value } or { secretKeyRef }. */}}
{{- define "forewarn.metadataOfType" -}}
{{- if eq .type "pubsub.kafka" }}
{{ include "forewarn.kafkaMetadata" .root }}
{{- else if and (eq .type "state.postgresql") .root.Values.postgres.stateConnections }}
maxConns: { value: {{ .root.Values.postgres.stateConnections | quote }} }
{{- end }}
{{- end }}

{{- define "forewarn.kafkaMetadata" -}}
{{- $tls := .Values.kafka.tls -}}
{{- $sasl := .Values.kafka.sasl -}}
{{- include "forewarn.checkKafka" . -}}
{{- if $tls.enabled }}
disableTls: { value: "false" }
{{- with $tls.caSecret }}
caCert: {{ include "forewarn.secretOr" (list . $tls.caKey "") }}
{{- end }}
{{- end }}
{{- if $tls.clientSecret }}
authType: { value: mtls }
clientCert: {{ include "forewarn.secretOr" (list $tls.clientSecret "tls.crt" "") }}
clientKey: {{ include "forewarn.secretOr" (list $tls.clientSecret "tls.key" "") }}
{{- else if $sasl.mechanism }}
authType: { value: password }
saslMechanism: { value: {{ get (dict "PLAIN" "PLAINTEXT" "SCRAM-SHA-256" "SHA-256" "SCRAM-SHA-512" "SHA-512") $sasl.mechanism }} }
saslUsername: {{ include "forewarn.secretOr" (list $sasl.secret $sasl.usernameKey "") }}
saslPassword: {{ include "forewarn.secretOr" (list $sasl.secret $sasl.passwordKey "") }}
{{- end }}
{{- end }}

{{/* What Dapr's Kafka component would pass over in silence. */}}
{{- define "forewarn.checkKafka" -}}
{{- $tls := .Values.kafka.tls -}}
{{- $sasl := .Values.kafka.sasl -}}
{{- if and (not $tls.enabled) (or $tls.caSecret $tls.clientSecret) }}
{{- fail "kafka.tls.caSecret and kafka.tls.clientSecret are for TLS: set kafka.tls.enabled" }}
{{- end }}
{{- if and $tls.enabled (not $tls.clientSecret) (not $sasl.mechanism) }}
{{- fail "kafka.tls.enabled: Dapr speaks TLS only with a sign-in; set kafka.sasl.mechanism or kafka.tls.clientSecret" }}
{{- end }}
{{- if and $tls.clientSecret $sasl.mechanism }}
{{- fail "kafka.tls.clientSecret and kafka.sasl.mechanism are two ways to sign in, and Dapr takes one" }}
{{- end }}
{{- if and $tls.clientSecret (not $tls.caSecret) }}
{{- fail "kafka.tls.caSecret is empty: mutual TLS needs the brokers' authority" }}
{{- end }}
{{- if and $sasl.mechanism (not $sasl.secret) }}
{{- fail "kafka.sasl.secret is empty: a mechanism needs a secret with name and password" }}
{{- end }}
{{- end }}

{{/* Type and metadata of the model store on S3-compatible storage. */}}
{{- define "forewarn.s3" -}}
{{- $s3 := .Values.modelStore.s3 -}}
type: bindings.aws.s3
version: v1
metadata:
- name: bucket
  value: {{ required "modelStore.s3.bucket is empty: name the bucket for model files, or set modelStore.kind to volume" $s3.bucket | quote }}
- name: region
  value: {{ $s3.region | quote }}
{{- with $s3.endpoint }}
- name: endpoint
  value: {{ . | quote }}
{{- end }}
- name: forcePathStyle
  value: {{ $s3.forcePathStyle | quote }}
# Services send base64, as the binding of files wants it.
- name: decodeBase64
  value: "true"
{{- with $s3.secret }}
- name: accessKey
  secretKeyRef: { name: {{ . | quote }}, key: {{ $s3.accessKeyKey | quote }} }
- name: secretKey
  secretKeyRef: { name: {{ . | quote }}, key: {{ $s3.secretKeyKey | quote }} }
{{- end }}
{{- end }}

{{/* Metadata of a component as it is here: dict "root" "source" (its file) "component". */}}
{{- define "forewarn.metadata" -}}
{{- $references := include "forewarn.references" .root | fromYaml -}}
{{- $changes := dict -}}
{{- range $name, $change := (include "forewarn.metadataOfType" (dict "root" .root "type" .component.spec.type) | fromYaml) }}
{{- $_ := set $changes $name $change }}
{{- end }}
{{- range $name, $change := (get .root.Values.components.metadata .component.metadata.name | default dict) }}
{{- $_ := set $changes $name (ternary $change (dict "value" (toString $change)) (kindIs "map" $change)) }}
{{- end }}
{{- $items := list }}
{{- range .component.spec.metadata }}
{{- $item := . }}
{{- if hasKey $changes .name }}
{{- $item = merge (dict "name" .name) (get $changes .name) }}
{{- $changes = omit $changes .name }}
{{- else if .envRef }}
{{- if not (hasKey $references .envRef) }}
{{- fail (printf "%s reads %s, which the chart does not know: give its metadata %s in components.metadata.%s" $.source .envRef .name $.component.metadata.name) }}
{{- end }}
{{- $item = merge (dict "name" .name) (get $references .envRef) }}
{{- end }}
{{- $items = append $items $item }}
{{- end }}
{{- range $name, $change := $changes }}
{{- $items = append $items (merge (dict "name" $name) $change) }}
{{- end }}
{{- toYaml $items }}
{{- end }}
