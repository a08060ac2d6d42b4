{{- define "gateway.name" -}}
{{- if contains .Chart.Name .Release.Name -}}{{ .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else -}}{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" }}{{- end -}}
{{- end -}}

{{- /* Called with (dict "root" $ "component" "ingress"). */ -}}
{{- define "gateway.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "gateway.labels" -}}
{{ include "gateway.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{- define "gateway.metadata" -}}
name: {{ include "gateway.name" .root }}-{{ .component }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "gateway.labels" . | nindent 2 }}
{{- end -}}

{{- /* Everything of a pod but its containers. */ -}}
{{- define "gateway.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 1000
  runAsGroup: 1000
  fsGroup: 1000
  seccompProfile: { type: RuntimeDefault }
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.nodeSelector }}
nodeSelector: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.tolerations }}
tolerations: {{ toYaml . | nindent 2 }}
{{- end }}
{{- with .root.Values.affinity }}
affinity: {{ toYaml . | nindent 2 }}
{{- end }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {{- include "gateway.selector" . | nindent 8 }}
{{- end -}}

{{- /* What the containers of all services have in common. */ -}}
{{- define "gateway.container" -}}
name: {{ .component }}
image: {{ printf "%s/%s:%s" .root.Values.image.repository .component (.root.Values.image.tag | default .root.Chart.AppVersion) | quote }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: { drop: [ALL] }
envFrom:
  - secretRef:
      name: {{ required "existingSecret has to name a Secret with the settings (see .env.example): at least REDIS_URL" .root.Values.existingSecret }}
{{- end -}}

{{- define "gateway.env" -}}
- { name: METRICS_HOST, value: "0.0.0.0" }
- { name: METRICS_PORT, value: {{ .root.Values.metrics.port | quote }} }
{{- if .root.Values.configSecret }}
- { name: GATEWAY_CONFIG, value: /config/gateway.yaml }
{{- end }}
{{- range $name, $value := .root.Values.env }}
- { name: {{ $name }}, value: {{ $value | quote }} }
{{- end }}
{{- end -}}

{{- define "gateway.mounts" -}}
- { name: tmp, mountPath: /tmp }
{{- if .root.Values.configSecret }}
- { name: config, mountPath: /config, readOnly: true }
{{- end }}
{{- end -}}

{{- define "gateway.volumes" -}}
- name: tmp
  emptyDir: {}
{{- if .root.Values.configSecret }}
- name: config
  secret:
    secretName: {{ .root.Values.configSecret }}
{{- end }}
{{- end -}}

{{- define "gateway.probes" -}}
startupProbe:
  httpGet: { path: /health, port: {{ .port }} }
  periodSeconds: 2
  failureThreshold: 60
livenessProbe:
  httpGet: { path: /health, port: {{ .port }} }
  periodSeconds: 10
  timeoutSeconds: 5
readinessProbe:
  httpGet: { path: /ready, port: {{ .port }} }
  periodSeconds: 5
  timeoutSeconds: 3
{{- end -}}
