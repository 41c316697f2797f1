{{/* Beginning of all names: the release, with the chart's name where it does not hold it. */}}
{{- define "forewarn.fullname" -}}
{{- $name := ternary .Release.Name (printf "%s-%s" .Release.Name .Chart.Name) (contains .Chart.Name .Release.Name) -}}
{{- $name | trunc 40 | trimSuffix "-" -}}
{{- end }}

{{/* What selects pods: dict "root" "component". */}}
{{- define "forewarn.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "forewarn.labels" -}}
{{ include "forewarn.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/part-of: forewarn
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end }}

{{/* Image of a service: dict "root" "service". */}}
{{- define "forewarn.image" -}}
{{- $image := .root.Values.image -}}
{{- with $image.registry }}{{ trimSuffix "/" . }}/{{ end }}forewarn/{{ .service }}:{{ $image.tag | default .root.Chart.AppVersion }}
{{- end }}

{{/* list root indentation. */}}
{{- define "forewarn.pullSecrets" -}}
{{- with (index . 0).Values.image.pullSecrets -}}
{{- $names := list -}}
{{- range . }}{{ $names = append $names (dict "name" .) }}{{ end -}}
{{- dict "imagePullSecrets" $names | toYaml | nindent (index $ 1) -}}
{{- end -}}
{{- end }}

{{- define "forewarn.brokers" -}}
{{- if .Values.kafka.inside.enabled -}}
{{ include "forewarn.fullname" . }}-kafka:9092
{{- else -}}
{{ required "kafka.brokers is empty: give your brokers as host:port,host:port, or set kafka.inside.enabled" .Values.kafka.brokers }}
{{- end -}}
{{- end }}

{{/* Settings of a service as YAML: defaults with what `services` says above them; dict "root" "service". */}}
{{- define "forewarn.settings" -}}
{{- mustMergeOverwrite (deepCopy .root.Values.defaults) (index .root.Values.services .service | default dict | deepCopy) | toYaml -}}
{{- end }}

{{/* Partitions of every topic, from components/topics.yaml. */}}
{{- define "forewarn.topics" -}}
{{- .Files.Get "components/topics.yaml" | required "components/topics.yaml is missing in the chart: run ./forewarn docs" -}}
{{- end }}

{{/* Bytes that brokers and topics must take: what components allow at most, `components.metadata` included, and room for the frame of a batch. */}}
{{- define "forewarn.maxMessageBytes" -}}
{{- $most := 0 -}}
{{- range $path, $_ := .Files.Glob "components/*.yaml" }}
{{- range $text := regexSplit "(?m)^---\\s*$" ($.Files.Get $path) -1 }}
{{- $document := fromYaml $text }}
{{- if eq (default "" $document.kind) "Component" }}
{{- $own := index $.Values.components.metadata $document.metadata.name | default dict }}
{{- range $document.spec.metadata }}
{{- if eq .name "maxMessageBytes" }}
{{- $given := get $own .name | default .value }}
{{- if kindIs "map" $given }}{{ $given = $given.value }}{{ end }}
{{- $most = max $most ($given | int64) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- add $most 1048576 -}}
{{- end }}
