"""Go templates say what Go says, or that they aren't understood; charts are compared with Helm in tests/charts."""

from __future__ import annotations

import pytest

from tools.go_template import Template
from tools.workflow_files import Unreadable

VALUES = {
    "Values": {"name": "shop", "on": True, "off": False, "list": [{"it": "a"}, {"it": "b"}], "none": None, "deep": {}}
}

SAID = {
    "text": ("plain", "plain"),
    "field": ("{{ .Values.name }}", "shop"),
    "spaces are trimmed": ("a \n {{- .Values.name -}} \n b", "ashopb"),
    "own comment": ("a{{- /* the repositories' own */}}b", "ab"),
    "bool": ("{{ .Values.on }}", "true"),
    "nothing": ("{{ .Values.none }}", ""),
    "pipe": ('{{ .Values.name | printf "%s-%s" "a" | quote }}', '"a-shop"'),
    "braces in a text": ('{{ printf "{{ .number }}-%s" .Values.name }}', "{{ .number }}-shop"),
    "raw text": ('{{ `a "b"` }}', 'a "b"'),
    "if": ("{{ if .Values.off }}a{{ else }}b{{ end }}", "b"),
    "else if": ('{{ if .Values.off }}a{{ else if eq .Values.name "shop" }}b{{ else }}c{{ end }}', "b"),
    "with": ("{{ with .Values.deep }}a{{ else }}{{ .Values.name }}{{ end }}", "shop"),
    "with moves the dot": ("{{ with .Values }}{{ .name }}{{ $.Values.name }}{{ end }}", "shopshop"),
    "range": ("{{ range .Values.list }}{{ .it }}{{ end }}", "ab"),
    "range with index": ("{{ range $i, $each := .Values.list }}{{ $i }}{{ $each.it }}{{ end }}", "0a1b"),
    "range over a map": ('{{ range $k, $v := dict "b" 1 "a" 2 }}{{ $k }}{{ $v }}{{ end }}', "a2b1"),
    "range over nothing": ("{{ range .Values.none }}a{{ else }}b{{ end }}", "b"),
    "variable": ("{{ $x := .Values.name }}{{ $x }}", "shop"),
    "assigned within a range": ('{{ $x := "" }}{{ range .Values.list }}{{ $x = .it }}{{ end }}{{ $x }}', "b"),
    "parentheses": ("{{ (index .Values.list 1).it }}", "b"),
    "and, or": ('{{ and .Values.on (or .Values.off "x") }}', "x"),
    "yaml": ("a:\n{{ toYaml .Values.list | nindent 2 }}", "a:\n\n  - it: a\n  - it: b"),
    "cut": ('{{ "a+b" | replace "+" "_" | trunc 2 }}', "a_"),
}


@pytest.mark.parametrize(("template", "said"), SAID.values(), ids=SAID.keys())
def test_templates_say(template: str, said: str) -> None:
    assert Template("x.yaml", template).render(VALUES) == said


def test_a_definition_beside_is_included() -> None:
    beside = Template("_helpers.tpl", '{{- define "labels" -}}\nname: {{ .Values.name }}\n{{- end }}')
    text = Template("x.yaml", 'l: {{- include "labels" . | nindent 2 }}', beside=[beside]).render(VALUES)
    assert text == "l:\n  name: shop"


def test_a_method_is_called() -> None:
    given = {"Files": {"Get": lambda name: f"<{name}>"}}
    assert Template("x.yaml", '{{ .Files.Get (printf "%s.yaml" "a") }}').render(given) == "<a.yaml>"


WRONG = {
    "unknown function": ("a\n{{ frobnicate . }}", "x.yaml:2: function frobnicate isn't known"),
    "nothing defines it": ('{{ include "x" . }}', "x.yaml:1: nothing defines x"),
    "field of nothing": ("{{ .Values.none.x }}", "x.yaml:1: there is no"),
    "no end": ("\n{{ if . }}", "x.yaml:2: if has no end"),
    "end of nothing": ("{{ end }}", "x.yaml:1: end of nothing"),
    "said by the chart": ('{{ fail "no repository" }}', "x.yaml:1: no repository"),
    "required": ('{{ required "name it" .Values.none }}', "x.yaml:1: name it"),
    "not understood": ("{{ .Values ; }}", "; isn't understood"),
}


@pytest.mark.parametrize(("template", "said"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_said_with_file_and_line(template: str, said: str) -> None:
    with pytest.raises(Unreadable) as raised:
        Template("x.yaml", template).render(VALUES)
    assert said in str(raised.value)


def test_a_missing_key_is_an_error_where_that_is_asked_for() -> None:
    assert Template("x.yaml", "{{ .missing }}").render({}) == ""
    with pytest.raises(Unreadable, match="there is no .missing"):
        Template("x.yaml", "{{ .missing }}", strict=True).render({})
