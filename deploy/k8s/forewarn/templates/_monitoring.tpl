{{/* Labels of what the Prometheus Operator selects: dict "root" "component". */}}
{{- define "forewarn.monitoringLabels" -}}
{{ include "forewarn.labels" . }}
{{- with .root.Values.monitoring.labels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The job that deploy/compose/prometheus.yaml gives the same targets: boards and rules ask for it. */}}
{{- define "forewarn.job" -}}
- { action: replace, targetLabel: job, replacement: {{ . }} }
{{- end }}

{{/* Name of an object made from a file: list fullname kind path. */}}
{{- define "forewarn.fileName" -}}
{{- $file := base (index . 2) -}}
{{- printf "%s-%s-%s" (index . 0) (index . 1) (trimSuffix (ext $file) $file | lower | replace "_" "-") | trunc 63 | trimSuffix "-" -}}
{{- end }}
