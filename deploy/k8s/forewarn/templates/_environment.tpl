{{/* Variables of a service's container: dict "root" "service" "settings" "app" (its port; 0 = none) "health". */}}
{{- define "forewarn.environment" -}}
{{- $values := .root.Values -}}
{{- if .app }}
- name: APP_PORT
  value: {{ .app | quote }}
- name: HEALTH_PORT
  value: {{ .health | quote }}
{{- end }}
- name: Logging__LogLevel__Default
  value: {{ $values.logLevel }}
{{ include "forewarn.secretVariable" (dict "name" "DAPR_API_TOKEN" "secret" $values.dapr.apiTokenSecret "key" "token") }}
{{ include "forewarn.secretVariable" (dict "name" "APP_API_TOKEN" "secret" $values.dapr.appTokenSecret "key" "token") }}
{{- if $values.monitoring.podMonitor.enabled }}
- name: OTEL_METRICS_EXPORTER
  value: prometheus
{{- end }}
{{- with $values.telemetry.otlpEndpoint }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ . | quote }}
- name: OTEL_EXPORTER_OTLP_PROTOCOL
  value: {{ $values.telemetry.otlpProtocol }}
{{- if not $values.telemetry.traces }}
- name: OTEL_TRACES_SAMPLER
  value: always_off
{{- end }}
{{- end }}
{{- if eq .service "history" }}
{{ include "forewarn.secretVariable" (dict "name" "ConnectionStrings__Forewarn" "secret" (required "postgres.secret is empty: name the secret with the connections" $values.postgres.secret) "key" $values.postgres.connectionKey) }}
{{- else if eq .service "gateway" }}
{{ include "forewarn.gatewayEnvironment" .root }}
{{- else if eq .service "ingestion" }}
{{ include "forewarn.ingestionEnvironment" . }}
{{- else if eq .service "alerting" }}
{{ include "forewarn.alertingEnvironment" .root }}
{{- else if and (eq .service "stream-processor") $values.thresholds }}
- name: STREAMPROCESSOR__THRESHOLDSFILE
  value: /etc/forewarn/thresholds.yaml
{{- end }}
{{- range $name, $value := .settings.env }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- range $name, $from := .settings.secretEnv }}
{{ include "forewarn.secretVariable" (dict "name" $name "secret" $from.secret "key" $from.key) }}
{{- end }}
{{- end }}

{{- define "forewarn.gatewayEnvironment" -}}
{{- $service := printf "%s-gateway" (include "forewarn.fullname" .) -}}
{{- $hosts := list $service (printf "%s.%s" $service .Release.Namespace) (printf "%s.%s.svc" $service .Release.Namespace) -}}
{{- if .Values.ingress.enabled }}{{ $hosts = append $hosts .Values.ingress.host }}{{ end -}}
- name: GATEWAY__ADDRESS
  value: 0.0.0.0
- name: GATEWAY__PORT
  value: "7700"
- name: GATEWAY__ALLOWEDHOSTS
  value: {{ concat $hosts .Values.gateway.allowedHosts | join "," | quote }}
{{ include "forewarn.secretVariable" (dict "name" "GATEWAY__ACCESSTOKEN" "secret" (required "gateway.accessTokenSecret is empty: beyond loopback the gateway asks people to sign in" .Values.gateway.accessTokenSecret) "key" .Values.gateway.accessTokenKey) }}
{{- end }}

{{- define "forewarn.ingestionEnvironment" -}}
{{- $one := and (eq .settings.autoscaling.by "none") (le (int .settings.replicas) 1) -}}
{{- range $name, $value := .settings.env }}
{{- if and (not $one) (regexMatch "^INGESTION__(PROBES__|SCRAPE__JOBS__)" $name) }}
{{- fail (printf "services.ingestion.env.%s: with more than one pod every target would be asked as often as there are pods. Keep one pod of ingestion, or send by remote write or OTLP." $name) }}
{{- end }}
{{- end -}}
- name: INGESTION__ADDRESS
  value: 0.0.0.0
- name: INGESTION__PORT
  value: "7701"
- name: INGESTION__OTLP__GRPCPORT
  value: "4317"
- name: INGESTION__OTLP__HTTPPORT
  value: "4318"
# A pod is no host.
- name: INGESTION__HOST__ENABLED
  value: "false"
- name: INGESTION__PROBESENABLED
  value: {{ $one | quote }}
- name: INGESTION__SCRAPE__ENABLED
  value: {{ $one | quote }}
{{- if not .root.Values.ingestion.keys }}{{ fail "ingestion.keys is empty: beyond loopback ingestion takes metrics only from whom it knows" }}{{ end }}
{{- range $i, $key := .root.Values.ingestion.keys }}
- name: INGESTION__KEYS__{{ $i }}__NAME
  value: {{ $key.name | quote }}
{{ include "forewarn.secretVariable" (dict "name" (printf "INGESTION__KEYS__%d__SHA256" $i) "secret" $key.secret "key" $key.key) }}
{{- end }}
{{- end }}

{{- define "forewarn.alertingEnvironment" -}}
- name: ALERTING__PUBLICURL
{{- if .Values.alerting.publicUrl }}
  value: {{ .Values.alerting.publicUrl | quote }}
{{- else if .Values.ingress.enabled }}
  value: {{ printf "%s://%s" (ternary "https" "http" (ne .Values.ingress.tlsSecret "")) .Values.ingress.host | quote }}
{{- else }}
  value: http://127.0.0.1:7700
{{- end }}
{{- if .Values.alerting.config }}
- name: ALERTING__CONFIGFILE
  value: /etc/forewarn/alerting.yaml
{{- end }}
{{- with .Values.alerting.signingKeySecret }}
{{ include "forewarn.secretVariable" (dict "name" "ALERTING__SIGNINGKEY" "secret" . "key" $.Values.alerting.signingKeyKey) }}
{{- end }}
{{- end }}
