"""Texts that somebody's program would take for more than a text, by what they are meant to do."""

from __future__ import annotations

from collections.abc import Mapping

# No key of the deployment file admits any of these, wherever in a value they stand.
NEVER: Mapping[str, tuple[str, ...]] = {
    "Terraform": (
        "${aws_vpc.vpc.id}",
        '${file("/etc/passwd")}',
        "$${aws_vpc.vpc.id}",
        "$$${aws_vpc.vpc.id}",
        "%{ for x in [1] }x%{ endfor }",
        "%%{ if true }",
        "${jsonencode(path.module)}",
        "${",
        "%{",
    ),
    "engine": ("${TfToken[TOKEN.0]}", "#{Token[TOKEN.1]}"),
    "Jinja2": ("[[ given ]]", "[[ ''.__class__ ]]", "[% raw %]", "[% include 'x' %]", "[# comment", "{% raw %}"),
    "Go template": ("{{ .Values.x }}", '{{ tpl "x" . }}', "{{- end }}", '{{ env "HOME" }}'),
    "Argo": ("{{workflow.parameters.x}}", "{{inputs.parameters.x}}", "{{=sprig.env('HOME')}}", "{{ .organization }}"),
    "GitHub": ("${{ secrets.GITHUB_TOKEN }}", "${{ github.event.issue.title }}"),
    "YAML": ("a\nb: c", "\n---\n", "\n- x", "&anchor x", "*alias\n", "!!python/object:os.system", "| \n x", "{a: b}"),
    "JSON": ('"', '", "x": "', "\\", "\\u0024{x}", "\\n"),
    "shell": ("$(id)", "`id`", "a && id", "a | id", "a > b", "$HOME", "'x'"),
    "HTML and Markdown": ("<script>alert(1)</script>", "<!--", "[x](javascript:x)", "`x`"),
    "line ends": ("\r", "\r\n", "a\n", "\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"),
    "control": ("\x00", "a\x00b", "\x1b[2J", "\x08", "\x7f", "\t"),
    "bidirectional": ("\u202e", "\u2066x\u2069", "\u200f", "\u061c"),
    "invisible": ("\u200b", "\u00ad", "\ufeff", "\u2060", "\u00a0", "\u3000"),
    "look-alike": (
        "\u0430dmin",  # Cyrillic a
        "\u03bfctocat",  # Greek omicron
        "\uff41dmin",  # full width
        "\u0131",  # dotless i
        "\u017f",  # long s: equals s without regard to case
        "\u212a",  # Kelvin sign: equals k without regard to case
        "\uff0e\uff0e\uff0f",
        "\uff04\uff5bx\uff5d",
        "1\u0660",  # Arabic digit
        "e\u0301",
        "\U0001d41a",
    ),
    "surrogate": ("\ud800", "\udfff", "a\udc80b"),
    "Windows path": ("..\\..\\x", "C:\\x"),
    "huge": ("${x}" * 5_000, "\u0430" * 100_000),
}
# What some keys admit, and a careless reader takes for another type, an option or another place.
SOMETIMES: Mapping[str, tuple[str, ...]] = {
    "YAML type": ("true", "null", "yes", "on", "n", "~", "0x1f", "1e5", "0123", "123", "1.0", "1_000", ".inf", "12:30"),
    "option": ("-x", "--help", "-"),
    "path": ("..", "../x", "../../etc/passwd", "/etc/passwd", "a/../b", "./a", "a//b", ".", ".git", "a/..", "x/."),
    "empty": ("", " ", "  a", "a  "),
    "dashes": ("a--b", "a-", "-a", "a.-b", "a..b"),
    "reserved": ("system", "kube-system", "default", "aws", "con", "shared", "bootstrap", "__proto__", "constructor"),
    "wildcard": ("*", "a*", "?", "%"),
    "address": (
        "https://user:pass@example.com",
        "https://example.com@127.0.0.1",
        "https://169.254.169.254/x",
        "https://.",
    ),
    "long": ("a" * 64, "a" * 254, "a" * 3_000, "1" * 5_000),
}
