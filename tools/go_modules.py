"""The Go modules that tools are built from, and their checksums: ``python -m tools.go_modules --check|--write``.

``tools/go.sum`` holds each module's checksum (Go Modules Reference, "go.sum files"), which covers the go.sum that is in
the module, and so what it is made of. ``--write`` asks the module proxy, and Go its checksum database.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools import versions

ROOT = Path(__file__).resolve().parent.parent
SUMS = ROOT / "tools" / "go.sum"
CI_PROGRAMS = ROOT / "images" / "ci-tools" / "programs.txt"


@dataclass(frozen=True, kw_only=True)
class Published:
    """A Go module at a version (without the ``v``), and the version of its folders where they are modules of their own.

    Kubernetes 1.34.2 publishes its folders as 0.34.2 (staging/README.md of kubernetes/kubernetes).
    """

    path: str
    version: str
    folders: str | None = None

    def __str__(self) -> str:
        return f"{self.path} v{self.version}"


def _prometheus() -> str:
    # 3.13.5 is published to Go as 0.313.5: the module's path has no /v3 (prometheus/prometheus, RELEASE.md).
    major, minor, patch = versions.PROMETHEUS.split(".")
    return f"0.{major}{minor:0>2}.{patch}"


# Tool → module. Alloy's parser is in tools/alloyfmt/go.sum as well, with all that it needs.
MODULES: Mapping[str, Published] = {
    "tofu": Published(path="github.com/opentofu/opentofu", version=versions.OPENTOFU),
    "actionlint": Published(path="github.com/rhysd/actionlint", version=versions.ACTIONLINT),
    "kubeconform": Published(path="github.com/yannh/kubeconform", version=versions.KUBECONFORM),
    "helm": Published(path="helm.sh/helm/v3", version=versions.HELM),
    "kyverno": Published(path="github.com/kyverno/kyverno", version=versions.KYVERNO),
    "promtool": Published(path="github.com/prometheus/prometheus", version=_prometheus()),
    "alloyfmt": Published(path="github.com/grafana/alloy/syntax", version=versions.ALLOY_SYNTAX),
    "etcd": Published(path="go.etcd.io/etcd/server/v3", version=versions.ETCD),
    "govulncheck": Published(path="golang.org/x/vuln", version=versions.GOVULNCHECK),
    "kubernetes": Published(
        path="k8s.io/kubernetes", version=versions.KUBERNETES, folders=f"0.{versions.KUBERNETES.partition('.')[2]}"
    ),
}


def of_ci_tools() -> Mapping[str, Published]:
    """Program → module, of image ci-tools."""
    rows = [line.split() for line in CI_PROGRAMS.read_text(encoding="utf-8").splitlines()]
    return {row[0]: Published(path=row[1], version=row[2]) for row in rows if row and row[0] != "#"}


def every() -> Mapping[str, Published]:
    """Each module once, by ``path vversion``, sorted."""
    found = {str(module): module for module in (*MODULES.values(), *of_ci_tools().values())}
    return dict(sorted(found.items()))


def recorded() -> Mapping[str, str]:
    """``path vversion`` → checksum ``h1:…``; empty where the file isn't there."""
    if not SUMS.exists():
        return {}
    rows = [line.split() for line in SUMS.read_text(encoding="utf-8").splitlines()]
    return {f"{row[0]} {row[1]}": row[2] for row in rows}


def problems() -> list[str]:
    """What the file lacks, and what it holds of modules that are used no more."""
    have, wanted = set(recorded()), set(every())
    if have >= wanted and (text := CI_PROGRAMS.read_text(encoding="utf-8")) != _with_sums(text, recorded()):
        return ["images/ci-tools/programs.txt: a checksum isn't that of tools/go.sum"]
    return [
        *(f"tools/go.sum: {module} isn't there" for module in sorted(wanted - have)),
        *(f"tools/go.sum: {module} is used no more" for module in sorted(have - wanted)),
    ]


def _with_sums(programs: str, sums: Mapping[str, str]) -> str:
    """``programs.txt`` with each program's checksum in its last column: the recipe of the image sees no other file."""
    lines = []
    for line in programs.splitlines():
        columns = line.split()
        comment = line.startswith("#")
        lines.append(line if comment else " ".join([*columns[:4], sums[f"{columns[1]} v{columns[2]}"]]))
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        found = problems()
        print("\n".join([*found, "run `make relock`"] if found else ["tools/go.sum: holds every module"]))
        return 1 if found else 0
    if arguments != ["--write"]:
        print(__doc__, file=sys.stderr)
        return 2
    # Only here: who asks for the table needs no Go.
    from tools.golang import checksum

    have = recorded()
    # What is there stays: a version whose checksum became another one must not be taken over unseen.
    sums = {name: have.get(name) or checksum(module, ROOT) for name, module in every().items()}
    SUMS.write_text("".join(f"{name} {sums[name]}\n" for name in sums), encoding="utf-8")
    CI_PROGRAMS.write_text(_with_sums(CI_PROGRAMS.read_text(encoding="utf-8"), sums), encoding="utf-8")
    print(f"tools/go.sum: {len(sums)} modules")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
