{{- /* SPDX-License-Identifier: Apache-2.0 */}}
{{/* The documents of a file of manifests/, in the namespace of the release. Expects a list: the root, the name of the file. */}}
{{- define "node-qos-controller.file" -}}
{{- $root := index . 0 -}}
{{- $root.Files.Get (printf "files/%s" (index . 1)) | replace "nodeqos-system" $root.Release.Namespace -}}
{{- end -}}

{{- define "node-qos-controller.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* Metadata of an object that the templates write. */}}
{{- define "node-qos-controller.metadata" -}}
name: node-qos-controller
namespace: {{ .Release.Namespace }}
labels:
  app.kubernetes.io/name: node-qos-controller
{{- end -}}
