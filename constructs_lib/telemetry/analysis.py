"""How new versions of teams' services are judged: which analyses there are, and what asks for their metrics. Pure.

Argo Rollouts reads the credential in the namespace of the rollout, so that each such namespace has it
(docs/adr/0023-rollout-analysis.md).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from config.deployment import Deployment
from constructs_lib.components.stores import place

FOLDER = Path(__file__).resolve().parent.parent.parent / "charts" / "rollout-analysis" / "analyses"
PATH = "analysis/grafana-cloud"
# The Secret in namespaces of teams and in staging, and its key: a whole header.
SECRET, KEY = "rollout-analysis", "authorization"
# Properties that a person writes, and what the header is made of (RFC 7617).
USER, TOKEN = "metrics-user", "token"
_HEADER = '{{ printf "Basic %s" (printf "%s:%s" .user .token | b64enc) }}'


def analyses() -> list[str]:
    """Names of the analyses, sorted: those of ClusterAnalysisTemplates, and of their files without the ending."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def credentials(deployment: Deployment, *namespaces: str) -> list[dict[str, Any]]:
    """Rows ``externalSecrets`` of the charts that make ``namespaces``; none where no rollout is judged."""
    if not deployment.components.analysis():
        return []
    store, key = place(PATH)
    return [
        {
            "name": SECRET,
            "namespace": namespace,
            "store": store,
            "key": key,
            "keys": {"user": USER, "token": TOKEN},
            "literals": {KEY: _HEADER},
        }
        for namespace in namespaces
    ]
