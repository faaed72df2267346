{{- define "idp-team.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
platform/team: {{ .Values.team.name }}
# People of teams can't change what carries it (chart shared-namespaces, admission policy platform-owned).
platform/owned: "true"
{{- end }}
