{{- define "database-bootstrap.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
{{- end }}

{{- define "database-bootstrap.pod-labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- /* A Job can't be changed: other values or another chart make another Job, which runs. */}}
{{- define "database-bootstrap.run" -}}
{{ printf "%s-%s" (.Release.Name | trunc 41 | trimSuffix "-") (printf "%s %s" .Chart.Version (toJson .Values) | sha256sum | trunc 10) }}
{{- end }}

{{- define "database-bootstrap.job" -}}
backoffLimit: {{ .Values.job.backoffLimit }}
activeDeadlineSeconds: {{ .Values.job.activeDeadlineSeconds }}
ttlSecondsAfterFinished: {{ .Values.job.ttlSecondsAfterFinished }}
podFailurePolicy:
  rules:
    # A node that goes away is no failure of the job.
    - action: Ignore
      onPodConditions:
        - type: DisruptionTarget
          status: "True"
    # 2: the settings are wrong, and stay so.
    - action: FailJob
      onExitCodes:
        containerName: bootstrap
        operator: In
        values: [2]
template:
  metadata:
    labels: {{- include "database-bootstrap.pod-labels" . | nindent 6 }}
  spec:
    restartPolicy: Never
    serviceAccountName: {{ .Values.serviceAccount.name }}
    # The job calls AWS and the database, never the Kubernetes API; Pod Identity brings a token of its own.
    automountServiceAccountToken: false
    enableServiceLinks: false
    {{- with .Values.priorityClassName }}
    priorityClassName: {{ . }}
    {{- end }}
    {{- with .Values.nodeSelector }}
    nodeSelector: {{- toYaml . | nindent 6 }}
    {{- end }}
    {{- with .Values.tolerations }}
    tolerations: {{- toYaml . | nindent 6 }}
    {{- end }}
    securityContext:
      runAsNonRoot: true
      runAsUser: 10001
      runAsGroup: 10001
      seccompProfile:
        type: RuntimeDefault
    containers:
      - name: bootstrap
        image: {{ .Values.image }}
        args: [/etc/database-bootstrap/settings.json]
        securityContext:
          allowPrivilegeEscalation: false
          readOnlyRootFilesystem: true
          capabilities:
            drop: [ALL]
        resources: {{- toYaml .Values.resources | nindent 10 }}
        volumeMounts:
          - name: settings
            mountPath: /etc/database-bootstrap
            readOnly: true
    volumes:
      - name: settings
        configMap:
          name: {{ include "database-bootstrap.run" . }}
{{- end }}
