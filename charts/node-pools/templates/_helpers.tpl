{{- define "node-pools.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
{{- end }}

{{- /* (root, size) */}}
{{- define "node-pools.volume" -}}
volumeType: gp3
volumeSize: {{ index . 1 }}
encrypted: true
kmsKeyID: {{ (index . 0).Values.kmsKeyArn | quote }}
deleteOnTermination: true
{{- end }}
