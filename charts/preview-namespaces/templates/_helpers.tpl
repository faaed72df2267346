{{- define "preview-namespaces.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
{{- end }}

{{- /* Metadata of what is put into a preview: people of teams can't change it (admission policy platform-owned). */}}
{{- define "preview-namespaces.owned" -}}
{{- dict "name" . "labels" (dict "platform/owned" "true" "platform/scope" "preview") | toJson }}
{{- end }}

{{- /* One network policy, as JSON, which is an expression of CEL too. */}}
{{- define "preview-namespaces.policy" -}}
{{- $spec := dict "podSelector" .podSelector "policyTypes" (list "Ingress" "Egress") }}
{{- with .ingress }}{{ $_ := set $spec "ingress" . }}{{ end }}
{{- with .egress }}{{ $_ := set $spec "egress" . }}{{ end }}
{{- dict "apiVersion" "networking.k8s.io/v1" "kind" "NetworkPolicy" "metadata" (include "preview-namespaces.owned" .name | fromJson) "spec" $spec | toJson }}
{{- end }}

{{- /* A binding of a group of the preview's team. */}}
{{- define "preview-namespaces.binding" -}}
{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
 "metadata": {{ include "preview-namespaces.owned" .name }},
 "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": {{ .role | toJson }}},
 "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": {{ .prefix | toJson }} + variables.team + {{ printf ":%s" .name | toJson }}}]}
{{- end }}
