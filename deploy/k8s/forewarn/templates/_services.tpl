{{/* Ports of a service that are for the outside, as YAML. */}}
{{- define "forewarn.publicPorts" -}}
{{- if eq . "gateway" }}
http: 7700
{{- else if eq . "ingestion" }}
metrics: 7701
otlp-grpc: 4317
otlp-http: 4318
{{- else -}}
{}
{{- end }}
{{- end }}

{{/* What a service reads as one of its consumer group: component and topic. Broadcasts are not among them: every pod reads those whole. */}}
{{- define "forewarn.reads" -}}
{{- if eq . "ingestion" }}
- { component: telemetry, topic: metrics.external }
{{- else if eq . "stream-processor" }}
- { component: telemetry, topic: metrics.raw }
{{- else if eq . "predictor" }}
- { component: telemetry, topic: metrics.features }
{{- else if eq . "alerting" }}
- { component: alerts, topic: detections }
{{- else if eq . "trainer" }}
- { component: alerts, topic: feedback }
{{- else if eq . "history" }}
- { component: telemetry, topic: metrics.raw }
- { component: telemetry, topic: predictions }
- { component: alerts, topic: incidents }
{{- else -}}
[]
{{- end }}
{{- end }}

{{/* Mistakes that a schema cannot see. */}}
{{- define "forewarn.checkSettings" -}}
{{- $scale := .settings.autoscaling -}}
{{- $partitions := int (fromYaml (include "forewarn.topics" .root)).partitions -}}
{{- $most := ternary (int .settings.replicas) (int $scale.max) (eq $scale.by "none") -}}
{{- if and .reads (gt $most $partitions) }}
{{- fail (printf "services.%s: %d pods are more than the %d partitions of its topics; the others would be idle" .service $most $partitions) }}
{{- end }}
{{- if and (ne $scale.by "none") (gt (int $scale.min) (int $scale.max)) }}
{{- fail (printf "services.%s.autoscaling: min %d is more than max %d" .service (int $scale.min) (int $scale.max)) }}
{{- end }}
{{- if and (eq $scale.by "lag") (not .reads) }}
{{- fail (printf "services.%s.autoscaling.by: it reads no topic whose lag could scale it; set cpu or none" .service) }}
{{- end }}
{{- if le (int .settings.terminationGracePeriodSeconds) (int .root.Values.dapr.blockShutdownSeconds) }}
{{- fail (printf "services.%s.terminationGracePeriodSeconds must be more than dapr.blockShutdownSeconds, %d" .service (int .root.Values.dapr.blockShutdownSeconds)) }}
{{- end }}
{{- $given := include "forewarn.environment" .  | fromYamlArray -}}
{{- $seen := dict -}}
{{- range $given }}
{{- if hasKey $seen .name }}{{ fail (printf "services.%s: the variable %s is set twice; the chart has a value of its own for it" $.service .name) }}{{ end }}
{{- $_ := set $seen .name true }}
{{- end }}
{{- end }}

{{/* ConfigMap that a service reads a file from; empty = none. */}}
{{- define "forewarn.configMapOf" -}}
{{- if and (eq .service "alerting") .root.Values.alerting.config -}}
{{ .name }}
{{- else if and (eq .service "stream-processor") .root.Values.thresholds -}}
{{ .name }}
{{- end -}}
{{- end }}

{{- define "forewarn.service" -}}
{{- if .ports }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ .name }}
  labels:
    {{- include "forewarn.labels" . | nindent 4 }}
spec:
  selector:
    {{- include "forewarn.selector" . | nindent 4 }}
  ports:
  {{- range $name, $number := .ports }}
  - name: {{ $name }}
    port: {{ $number }}
    targetPort: {{ $name }}
    {{- if hasSuffix "grpc" $name }}
    appProtocol: kubernetes.io/h2c
    {{- end }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "forewarn.scaling" -}}
{{- $scale := .settings.autoscaling -}}
{{- $least := ternary (int .settings.replicas) (int $scale.min) (eq $scale.by "none") -}}
{{- if gt $least 1 }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ .name }}
  labels:
    {{- include "forewarn.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "forewarn.selector" . | nindent 6 }}
{{- end }}
{{- if eq $scale.by "cpu" }}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ .name }}
  labels:
    {{- include "forewarn.labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ .name }}
  minReplicas: {{ $scale.min }}
  maxReplicas: {{ $scale.max }}
  metrics:
  - type: Resource
    resource:
      name: cpu
      target:
        type: Utilization
        averageUtilization: {{ $scale.cpuPercent }}
  # Each change moves partitions, which holds the stream up for seconds.
  behavior:
    scaleUp:
      stabilizationWindowSeconds: 60
    scaleDown:
      stabilizationWindowSeconds: 600
{{- else if eq $scale.by "lag" }}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: {{ .name }}
  labels:
    {{- include "forewarn.labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    name: {{ .name }}
  minReplicaCount: {{ $scale.min }}
  maxReplicaCount: {{ $scale.max }}
  pollingInterval: 15
  cooldownPeriod: 300
  advanced:
    horizontalPodAutoscalerConfig:
      behavior:
        scaleUp:
          stabilizationWindowSeconds: 60
        scaleDown:
          stabilizationWindowSeconds: 600
  triggers:
  {{- range .reads }}
  - type: kafka
    metadata:
      bootstrapServers: {{ include "forewarn.brokers" $.root | quote }}
      # As components/{{ .component }}.yaml names it.
      consumerGroup: {{ include "forewarn.consumerGroup" (dict "root" $.root "component" .component "service" $.service) }}
      topic: {{ .topic }}
      lagThreshold: {{ $scale.lag | quote }}
      offsetResetPolicy: earliest
      {{- if $.root.Values.kafka.sasl.mechanism }}
      sasl: {{ get (dict "PLAIN" "plaintext" "SCRAM-SHA-256" "scram_sha256" "SCRAM-SHA-512" "scram_sha512") $.root.Values.kafka.sasl.mechanism }}
      {{- end }}
      {{- if $.root.Values.kafka.tls.enabled }}
      tls: enable
      {{- end }}
    {{- if or $.root.Values.kafka.sasl.mechanism $.root.Values.kafka.tls.enabled }}
    authenticationRef:
      name: {{ include "forewarn.fullname" $.root }}-kafka
    {{- end }}
  {{- end }}
{{- end }}
{{- end }}

{{/* Consumer group of a service: dict "root" "component" "service". */}}
{{- define "forewarn.consumerGroup" -}}
{{- $component := .root.Files.Get (printf "components/%s.yaml" .component) | fromYaml -}}
{{- range $component.spec.metadata }}
{{- if eq .name "consumerGroup" }}{{ .value | replace "{appID}" $.service }}{{ end }}
{{- end -}}
{{- end }}
