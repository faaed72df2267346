"""Go templates as our pages read them, and as Helm does: every function, and what templates are made of."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools import build as tools
from tools.go_functions import FUNCTIONS
from tools.go_template import Template

pytestmark = pytest.mark.charts

VALUES: dict[str, Any] = {
    "name": "shop",
    "text": "  A b+C-1  ",
    "number": 7,
    "on": True,
    "off": False,
    "nothing": None,
    "items": ["b", "a", "b"],
    "rows": [{"id": "one", "of": [1, 2]}, {"id": "two", "of": []}],
    "map": {"b": 1, "a": {"deep": "value", "on": True, "empty": {}}},
}
EXPRESSIONS = (
    '{{ and .on .name }} {{ and .off .name }} {{ or .off .nothing "x" }} {{ not .off }}',
    '{{ eq .name "a" "shop" }} {{ ne .name "a" }} {{ gt 2 1 }} {{ lt 2 1 }} {{ len .items }}',
    '{{ index .items 1 }} {{ index .map "a" "deep" }} {{ (index .rows 0).id }}',
    '{{ printf "%s %v %d %q 5%%" .name .on 3 "a\\"b" }} {{ print .name "-" .name }}',
    '{{ required "x" .name }} {{ quote .name }} {{ squote .name }} {{ .on | toString | quote }} {{ quote .on }}',
    '{{ toJson .items }} {{ (fromJson `{"a": "b"}`).a }}',
    '{{ toYaml .items | nindent 2 }} {{ toYaml (dict "a" "b") | indent 4 }} {{ (toYaml .map | fromYaml).a.deep }}',
    '{{ (fromYaml "a: {b: c}").a.b }}',
    "{{ lower .text }}|{{ upper .text }}|{{ trim .text }}|{{ .text | trim | trunc 3 }}|{{ .name | trunc -2 }}",
    '{{ trimSuffix "op" .name }} {{ trimPrefix "sh" .name }} {{ replace "h" "-" .name }} {{ base "a/b.yaml" }}',
    '{{ regexFind "[a-z]o" .name }} {{ regexReplaceAll "(s)(h)" .name "${2}${1}" }} {{ regexMatch "^sh" .name }}',
    '{{ contains "ho" .name }} {{ hasPrefix "sh" .name }} {{ hasSuffix "x" .name }} {{ sha256sum .name }}',
    '{{ splitList "," "a,b" | join "-" }} {{ join "/" .items }} {{ first .items }} {{ last .items }}',
    '{{ default "x" .nothing }} {{ .name | default "x" }} {{ coalesce .nothing "" .name }} {{ empty .nothing }}',
    '{{ ternary "y" "n" .on }} {{ .off | ternary "y" "n" }} {{ has "a" .items }} {{ hasKey .map "c" }}',
    '{{ $d := dict "a" 1 "b" 2 }}{{ $_ := set $d "c" 3 }}{{ range $k, $v := $d }}{{ $k }}{{ $v }}{{ end }}',
    '{{ get (dict "a" "b") "a" }} {{ get (dict "a" "b") "c" }} {{ keys (dict "a" 1) | first }}',
    '{{ append .items "c" | join "" }} {{ concat .items (list "d") | join "" }} {{ uniq .items | join "" }}',
    '{{ (merge (dict "a" 1) (dict "a" 2 "b" 3)).a }} {{ (merge (dict "a" 1) (dict "a" 2 "b" 3)).b }}',
    "{{ add 1 2 3 }} {{ sub 5 2 }} {{ int .number }}",
    "{{ range $i, $each := .rows }}{{ $i }}{{ $each.id }}{{ range .of }}<{{ . }}>{{ else }}none{{ end }}{{ end }}",
    "{{ with .map.a }}{{ .deep }}{{ $.Release.Name }}{{ end }}{{ with .map.c }}x{{ else }}y{{ end }}",
    "{{ if .off }}a{{ else if .on }}b{{ else }}c{{ end }} {{- /* it's a \"comment */ -}}   end",
    '{{ printf "{{ .number }}-%s" .name }} {{ "{{" }} {{ `}}` }}',
    "{{ $x := 1 }}{{ range .items }}{{ $x = . }}{{ end }}{{ $x }}",
)
# Both end what they are in.
_ENDS = {"fail"}


def text() -> str:
    """A template that says each expression as a text of its own."""
    defined = [
        f'{{{{- define "{at}" }}}}{{{{ with .Values }}}}{each}{{{{ end }}}}{{{{ end }}}}'
        for at, each in enumerate(EXPRESSIONS)
    ]
    said = [f'"{at}": {{{{ include "{at}" . | toJson }}}}' for at in range(len(EXPRESSIONS))]
    return "\n".join([*defined, "kind: List", *said, ""])


def helm(directory: Path) -> dict[str, Any]:
    """What Helm makes of it."""
    (directory / "templates").mkdir()
    (directory / "Chart.yaml").write_text("apiVersion: v2\nname: x\nversion: 1.0.0\n", encoding="utf-8")
    (directory / "values.yaml").write_text(yaml.safe_dump(VALUES), encoding="utf-8")
    (directory / "templates" / "x.yaml").write_text(text(), encoding="utf-8")
    command = [str(tools.program("helm")), "template", "x", str(directory)]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not finished.returncode, finished.stderr
    found: dict[str, Any] = yaml.safe_load(finished.stdout)
    return found


def test_expressions_say_what_helm_says(tmp_path: Path) -> None:
    given = {"Values": VALUES, "Release": {"Name": "x", "Namespace": "default", "Service": "Helm"}}
    ours = yaml.safe_load(Template("x.yaml", text()).render(given))
    theirs = helm(tmp_path)
    assert ours == theirs, {EXPRESSIONS[int(at)]: (ours[at], theirs[at]) for at in theirs if ours[at] != theirs[at]}


def test_every_function_is_compared() -> None:
    assert FUNCTIONS.keys() - _ENDS <= {word for word in FUNCTIONS if any(f"{word} " in each for each in EXPRESSIONS)}
