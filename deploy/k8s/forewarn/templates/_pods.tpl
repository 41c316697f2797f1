{{/* Security of a pod: nobody is root, groups own what is mounted. The number is that of the .NET images' user `app`. */}}
{{- define "forewarn.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ . }}
runAsGroup: {{ . }}
fsGroup: {{ . }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "forewarn.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{/* Annotations of a pod with a sidecar: dict "root" "service" "port" (0 = the sidecar calls nobody). */}}
{{- define "forewarn.daprAnnotations" -}}
{{- $dapr := .root.Values.dapr -}}
dapr.io/enabled: "true"
dapr.io/app-id: {{ .service }}
{{- if .port }}
dapr.io/app-port: {{ .port | quote }}
dapr.io/block-shutdown-duration: {{ printf "%vs" $dapr.blockShutdownSeconds }}
{{- end }}
dapr.io/config: {{ include "forewarn.fullname" .root }}
dapr.io/log-level: {{ $dapr.logLevel }}
dapr.io/api-token-secret: {{ required "dapr.apiTokenSecret is empty: name the secret that deploy/k8s/secrets.sh makes" $dapr.apiTokenSecret }}
dapr.io/app-token-secret: {{ required "dapr.appTokenSecret is empty: name the secret that deploy/k8s/secrets.sh makes" $dapr.appTokenSecret }}
# Secrets of components come from the operator; the sidecar itself may read none.
dapr.io/disable-builtin-k8s-secret-store: "true"
dapr.io/sidecar-seccomp-profile-type: RuntimeDefault
{{- with $dapr.resources.requests }}
{{- with .cpu }}
dapr.io/sidecar-cpu-request: {{ . | quote }}
{{- end }}
{{- with .memory }}
dapr.io/sidecar-memory-request: {{ . | quote }}
{{- end }}
{{- end }}
{{- with $dapr.resources.limits }}
{{- with .cpu }}
dapr.io/sidecar-cpu-limit: {{ . | quote }}
{{- end }}
{{- with .memory }}
dapr.io/sidecar-memory-limit: {{ . | quote }}
{{- end }}
{{- end }}
{{- if and (eq .root.Values.modelStore.kind "volume") (has .service (list "trainer" "predictor")) }}
dapr.io/volume-mounts-rw: model-store:{{ include "forewarn.modelFolder" .root }}
{{- end }}
{{- with $dapr.annotations }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Where sidecars mount the model store. */}}
{{- define "forewarn.modelFolder" -}}/model-store{{- end }}

{{- define "forewarn.modelVolume" -}}
- name: model-store
  persistentVolumeClaim:
    claimName: {{ .Values.modelStore.volume.existingClaim | default (printf "%s-models" (include "forewarn.fullname" .)) }}
{{- end }}

{{/* A variable from a secret: dict "name" "secret" "key". */}}
{{- define "forewarn.secretVariable" -}}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .key }}
{{- end }}
