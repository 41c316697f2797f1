{{/* What one service's pods take and may reach. The kubelet's probes come from the node, which policies do not concern. */}}
{{- define "forewarn.servicePolicy" -}}
{{- $policy := .root.Values.networkPolicy -}}
{{- if $policy.enabled }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .name }}
  labels:
    {{- include "forewarn.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "forewarn.selector" . | nindent 6 }}
  policyTypes:
  - Ingress
  {{- if $policy.limitEgress }}
  - Egress
  {{- end }}
  ingress:
  # Sidecars call each other: invocation and actors.
  - from:
    - podSelector:
        matchLabels:
          {{- include "forewarn.release" .root | nindent 10 }}
    ports:
    - { port: 50002, protocol: TCP }
  # Metrics of sidecars and services.
  - ports:
    - { port: 9090, protocol: TCP }
    {{- if .root.Values.monitoring.podMonitor.enabled }}
    - { port: {{ .health }}, protocol: TCP }
    {{- end }}
    {{- with $policy.monitoringNamespace }}
    from:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: {{ . }}
    {{- end }}
  {{- if .ports }}
  - ports:
    {{- range $name, $number := .ports }}
    - { port: {{ $number }}, protocol: TCP }
    {{- end }}
    {{- with ternary $policy.gatewayFrom $policy.ingestionFrom (eq .service "gateway") }}
    from:
    {{- toYaml . | nindent 4 }}
    # `helm test` and what runs beside the release.
    - podSelector:
        matchLabels:
          {{- include "forewarn.release" $.root | nindent 10 }}
    {{- end }}
  {{- if and (eq .service "gateway") $policy.gatewayFrom .root.Values.monitoring.serviceMonitor.enabled }}
  # Prometheus, for the scores.
  - ports:
    - { port: {{ .ports.http }}, protocol: TCP }
    from:
    - namespaceSelector:
        matchLabels:
          kubernetes.io/metadata.name: {{ required "networkPolicy.monitoringNamespace is empty: with networkPolicy.gatewayFrom and monitoring.serviceMonitor, name the namespace of Prometheus" $policy.monitoringNamespace }}
  {{- end }}
  {{- end }}
  {{- if $policy.limitEgress }}
  egress:
  {{- include "forewarn.egress" .root | nindent 2 }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "forewarn.release" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "forewarn.egress" -}}
- ports:
  - { port: 53, protocol: UDP }
  - { port: 53, protocol: TCP }
- to:
  - podSelector:
      matchLabels:
        {{- include "forewarn.release" . | nindent 8 }}
- to:
  - namespaceSelector:
      matchLabels:
        kubernetes.io/metadata.name: {{ .Values.dapr.controlPlaneNamespace }}
{{- with .Values.networkPolicy.egress }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Only this release talks to what runs inside it: dict "root" "component" "name" "port". */}}
{{- define "forewarn.insidePolicy" -}}
{{- if .root.Values.networkPolicy.enabled }}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .name }}
  labels:
    {{- include "forewarn.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "forewarn.selector" . | nindent 6 }}
  policyTypes:
  - Ingress
  ingress:
  - from:
    - podSelector:
        matchLabels:
          {{- include "forewarn.release" .root | nindent 10 }}
    ports:
    - { port: {{ .port }}, protocol: TCP }
{{- end }}
{{- end }}
