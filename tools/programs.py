"""The programs that the tests use: which version on PATH will do, and how each is built into ``.tools/bin``."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools import environment, golang, versions
from tools.go_modules import MODULES

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".tools"
BIN = TOOLS / "bin"

_MINOR = tuple(int(part) for part in versions.KUBERNETES.split(".")[:2])
_KYVERNO = tuple(int(part) for part in versions.KYVERNO.split(".")[:2])


@dataclass(frozen=True, kw_only=True)
class Program:
    """A program, the versions of it that will do, and its build.

    ``version_command`` prints its version as the first ``v?N.N.N``; ``below`` is the first version too new, if any.
    """

    version: str
    at_least: tuple[int, ...]
    below: tuple[int, ...] = (999,)
    version_command: tuple[str, ...] = ("--version",)
    build: Callable[[Path], None]

    def will_do(self, program: Path) -> bool:
        return self.at_least <= _printed_version(program, self.version_command) < self.below


def _kubernetes(name: str, *version_command: str, skew: int = 0) -> Program:
    """A program of Kubernetes itself: of the same minor, or ``skew`` minors away (kubectl's skew policy allows one)."""
    major, minor = _MINOR
    return Program(
        version=versions.KUBERNETES,
        at_least=(major, minor - skew, 0),
        below=(major, minor + skew + 1, 0),
        version_command=version_command or ("--version",),
        build=lambda output: golang.build_published(
            TOOLS / "src" / "kubernetes",
            MODULES["kubernetes"],
            f"k8s.io/kubernetes/cmd/{name}",
            output,
            _kubernetes_version(),
        ),
    )


def _kubernetes_version() -> dict[str, str]:
    """Without these the programs call themselves v0.0.0-master, and Helm refuses charts that state a minimum."""
    major, minor = _MINOR
    values = {"gitVersion": f"v{versions.KUBERNETES}", "gitMajor": str(major), "gitMinor": str(minor)}
    packages = ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")
    return {f"{package}.{name}": value for package in packages for name, value in values.items()}


def _build_tofu(output: Path) -> None:
    # Without the variable the program calls itself a development build.
    sources = golang.module_directory(MODULES["tofu"], ROOT)
    golang.build(sources, "./cmd/tofu", output, {"github.com/opentofu/opentofu/version.dev": "no"})


def _build_helm(output: Path) -> None:
    # Capabilities as in Helm's own Makefile: built without them it takes the cluster for Kubernetes 1.20.
    major, minor = (str(part) for part in _MINOR)
    variables = {
        "helm.sh/helm/v3/internal/version.version": f"v{versions.HELM}",
        "helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor": major,
        "helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor": minor,
        "helm.sh/helm/v3/pkg/lint/rules.k8sVersionMajor": major,
        "helm.sh/helm/v3/pkg/lint/rules.k8sVersionMinor": minor,
    }
    golang.build_published(TOOLS / "src" / "helm", MODULES["helm"], "helm.sh/helm/v3/cmd/helm", output, variables)


def _build_actionlint(output: Path) -> None:
    package = "github.com/rhysd/actionlint/cmd/actionlint"
    variables = {"github.com/rhysd/actionlint.version": versions.ACTIONLINT}
    golang.build_published(TOOLS / "src" / "actionlint", MODULES["actionlint"], package, output, variables)


def _build_kubeconform(output: Path) -> None:
    package = "github.com/yannh/kubeconform/cmd/kubeconform"
    variables = {"main.version": f"v{versions.KUBECONFORM}"}
    golang.build_published(TOOLS / "src" / "kubeconform", MODULES["kubeconform"], package, output, variables)


def _build_etcd(output: Path) -> None:
    golang.build_published(TOOLS / "src" / "etcd", MODULES["etcd"], "go.etcd.io/etcd/server/v3", output, {})


def _build_kyverno(output: Path) -> None:
    # A replace directive names a fork of a dependency, so it is built in the module's own directory.
    sources = golang.module_directory(MODULES["kyverno"], ROOT)
    variables = {"github.com/kyverno/kyverno/pkg/version.BuildVersion": f"v{versions.KYVERNO}"}
    golang.build(sources, "./cmd/cli/kubectl-kyverno", output, variables)


def _build_promtool(output: Path) -> None:
    variables = {"github.com/prometheus/common/version.Version": versions.PROMETHEUS}
    package = "github.com/prometheus/prometheus/cmd/promtool"
    # Rules need no service discovery, which is most of the program and of the minutes that it takes to build.
    golang.build_published(
        TOOLS / "src" / "promtool", MODULES["promtool"], package, output, variables, tags=("remove_all_sd",)
    )


def _build_govulncheck(output: Path) -> None:
    package = "golang.org/x/vuln/cmd/govulncheck"
    golang.build_published(TOOLS / "src" / "govulncheck", MODULES["govulncheck"], package, output, {})


def _build_alloyfmt(output: Path) -> None:
    golang.build(ROOT / "tools" / "alloyfmt", ".", output, {"main.version": versions.ALLOY_SYNTAX})


def _build_checkov(output: Path) -> None:
    environment.install(ROOT / "requirements-checkov.lock", TOOLS / "checkov", "checkov.main", output)


def _build_trestle(output: Path) -> None:
    environment.install(ROOT / "requirements-trestle.lock", TOOLS / "trestle", "trestle", output)


# In the order of their use by the rungs of the test ladder.
PROGRAMS: dict[str, Program] = {
    "tofu": Program(
        version=versions.OPENTOFU,
        at_least=versions.OPENTOFU_AT_LEAST,
        version_command=("version",),
        build=_build_tofu,
    ),
    # Another version asks other questions, for which no reasons are written.
    "checkov": Program(
        version=versions.CHECKOV,
        at_least=versions.CHECKOV_AT_LEAST,
        below=versions.CHECKOV_BELOW,
        build=_build_checkov,
    ),
    "trestle": Program(
        version=versions.TRESTLE,
        at_least=versions.TRESTLE_AT_LEAST,
        below=versions.TRESTLE_BELOW,
        version_command=("version",),
        build=_build_trestle,
    ),
    "actionlint": Program(
        version=versions.ACTIONLINT,
        at_least=versions.ACTIONLINT_AT_LEAST,
        version_command=("-version",),
        build=_build_actionlint,
    ),
    "kubeconform": Program(
        version=versions.KUBECONFORM,
        at_least=versions.KUBECONFORM_AT_LEAST,
        version_command=("-v",),
        build=_build_kubeconform,
    ),
    "helm": Program(
        version=versions.HELM,
        at_least=versions.HELM_AT_LEAST,
        below=versions.HELM_BELOW,
        version_command=("version", "--short"),
        build=_build_helm,
    ),
    "kyverno": Program(
        version=versions.KYVERNO,
        at_least=_KYVERNO,
        below=(_KYVERNO[0], _KYVERNO[1] + 1),
        version_command=("version",),
        build=_build_kyverno,
    ),
    "promtool": Program(version=versions.PROMETHEUS, at_least=versions.PROMETHEUS_AT_LEAST, build=_build_promtool),
    "alloyfmt": Program(
        version=versions.ALLOY_SYNTAX,
        at_least=tuple(int(part) for part in versions.ALLOY_SYNTAX.split(".")),
        build=_build_alloyfmt,
    ),
    "govulncheck": Program(
        version=versions.GOVULNCHECK,
        at_least=versions.GOVULNCHECK_AT_LEAST,
        version_command=("-version",),
        build=_build_govulncheck,
    ),
    "etcd": Program(version=versions.ETCD, at_least=versions.ETCD_AT_LEAST, build=_build_etcd),
    "kube-apiserver": _kubernetes("kube-apiserver"),
    "kube-controller-manager": _kubernetes("kube-controller-manager"),
    "kube-scheduler": _kubernetes("kube-scheduler"),
    "kubectl": _kubernetes("kubectl", "version", "--client", skew=1),
}


def find(name: str) -> Path | None:
    """The program on PATH when its version will do, else the one built here, else None."""
    on_path = shutil.which(name)
    if on_path and PROGRAMS[name].will_do(Path(on_path)):
        return Path(on_path)
    built = BIN / name
    return built if built.exists() else None


def _printed_version(program: Path, arguments: tuple[str, ...]) -> tuple[int, ...]:
    finished = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    found = re.search(r"v?(\d+)\.(\d+)\.(\d+)", finished.stdout)
    return tuple(int(part) for part in found.groups()) if found else (0, 0, 0)
