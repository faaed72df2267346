"""What files say is drawn on the page of deliveries; what they name and isn't there is refused with file and line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from config.generated import command
from tests.mermaid import Chart, charts
from tests.unit.tools.delivery_tree import CD, CI, DELIVERIES, PROMOTE, PUSH, RELEASE, ROLLOUT, change, copied, way
from tools import delivery_page
from tools.delivery import diagrams
from tools.delivery.files import read
from tools.delivery_page import ROOT
from tools.workflow_files import Unreadable


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return copied(tmp_path)


_CI, _CD = "Workflow of ci", "Workflow of cd"
# file, pattern, new, kind of event, what is drawn then that wasn't before
CHANGES: dict[str, tuple[str, str, str, str, Callable[[Chart], bool]]] = {
    "task renamed": (
        CI,
        r"(?<![\w-])scan(?![\w-])",
        "examine",
        "push",
        lambda chart: chart.between("image", "examine", _CI) != [],
    ),
    "other order": (
        CI,
        r"depends: scan\.Succeeded",
        "depends: image.Succeeded",
        "push",
        lambda chart: chart.between("scan", "sbom", _CI) == [],
    ),
    "more retries": (
        "workflow-templates/image/image-scan.yaml",
        r'limit: "\d"',
        'limit: "7"',
        "push",
        lambda chart: "7 retries" in chart.nodes[chart.named("scan", _CI)],
    ),
    "other condition": (
        CD,
        r"workflow\.parameters\.next != ''\}\}",
        "workflow.parameters.next == 'x'}}",
        "release",
        lambda chart: "if next == 'x'" in chart.nodes[chart.named("next", _CD)],
    ),
    "other account": (
        "workflow-templates/deploy/argocd-sync.yaml",
        "serviceAccountName: workflows-deployer",
        "serviceAccountName: argo-workflows-executor",
        "release",
        lambda chart: "as argo-workflows-executor" in chart.nodes[chart.named("sync", _CD)],
    ),
    "other file handed on": (
        CI,
        r"tasks\.sbom\.outputs\.artifacts\.sbom",
        "tasks.scan.outputs.artifacts.vulnerabilities",
        "push",
        lambda chart: chart.between("scan", "publish", _CI) == [["vulnerabilities"]],
    ),
    "rollback left out": (
        CD,
        r"sync\.Failed \|\| sync\.Errored \|\| ",
        "",
        "release",
        lambda chart: chart.between("sync", "rollback", _CD) == [],
    ),
    "nothing pushed to Git": (
        PROMOTE,
        "git push --quiet",
        "git show --quiet",
        "release",
        lambda chart: not any(label[0] == "pushes" for label in chart.between("promote", "Git")),
    ),
    "other filter": (
        RELEASE,
        r"\^published\$",
        "^(created|edited)$",
        "release",
        lambda chart: "action is created or edited" in chart.between("Event bus default", "Sensor release")[0],
    ),
    "other namespace": (
        RELEASE,
        r"namespace: \[\[ team\.namespace \]\]",
        "namespace: elsewhere",
        "release",
        lambda chart: "elsewhere, as workflows-deployer" in chart.groups[chart.named("Workflow of cd")],
    ),
    "other address": (
        "charts/events/templates/source.yaml",
        "endpoint: /github",
        "endpoint: /hook",
        "push",
        lambda chart: "POST https://events.example.com/hook" in chart.nodes[chart.named("Event source github")],
    ),
    "other branch": (
        DELIVERIES,
        "targetRevision: HEAD",
        "targetRevision: stable",
        "release",
        lambda chart: chart.between("Git", "alpha--shop--staging") == [["stable"]],
    ),
    "other label of previews": (
        "charts/idp-team/templates/previews.yaml",
        r"labels: \[\{\{[^}]*\}\}\]",
        "labels: [shown]",
        "pull_request",
        lambda chart: any("with label shown" in label[0] for _, _, label in chart.edges),
    ),
}


@pytest.mark.parametrize(("file", "pattern", "new", "kind", "drawn"), CHANGES.values(), ids=CHANGES.keys())
def test_what_a_file_says_is_drawn(
    tree: Path, file: str, pattern: str, new: str, kind: str, drawn: Callable[[Chart], bool]
) -> None:
    assert not _holds(drawn, way(ROOT, kind))
    change(tree, file, pattern, new)
    assert drawn(way(tree, kind))


def _holds(drawn: Callable[[Chart], bool], chart: Chart) -> bool:
    try:
        return drawn(chart)
    except ValueError:  # no such node
        return False


def test_a_sensor_that_is_added_gets_a_section_and_makes_the_page_stale(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "## Event `issues`" not in delivery_page.text(tree)
    text = (
        (tree / PUSH).read_text(encoding="utf-8").replace("^push$", "^issues$").replace("name: push\n", "name: issue\n")
    )
    (tree / "sensors" / "issue.yaml").write_text(text, encoding="utf-8")
    changed = delivery_page.text(tree)
    assert "## Event `issues`" in changed
    assert "Sensor issue" in {lines[0] for lines in charts(changed)[0].nodes.values()}
    assert command(delivery_page.PATH, changed, ["--check"]) == 1
    assert "docs/DELIVERY.md isn't current" in capsys.readouterr().err


def test_what_starts_nothing_is_said(tree: Path) -> None:
    assert "changes nothing but `deploy/` is a promotion" in delivery_page.text(tree)
    change(tree, PUSH, 'hasPrefix "deploy/"', 'hasPrefix "places/"')
    assert "changes nothing but `places/` is a promotion" in delivery_page.text(tree)


def test_the_steps_of_a_rollout_are_drawn(tree: Path) -> None:
    change(tree, ROLLOUT, r"progressDeadlineSeconds: \d+", "progressDeadlineSeconds: 77")
    change(tree, ROLLOUT, r"(?m)^( +)autoPromotionEnabled: true", r"\1autoPromotionEnabled: false")
    (chart,) = charts(diagrams.takeover(read(tree)))
    assert ["not ready in 77 seconds"] in [label for _, _, label in chart.edges]
    assert ["a person promotes"] in chart.nodes.values()


# file, pattern, new, what is said
WRONG = {
    "template without a file": (CI, r"name: image-scan", "name: image-look", f"{CI}:", "runs image-look/"),
    "sensor of nothing": (PUSH, r"name: ci\n", "name: cj\n", f"{PUSH}:", "starts cj, which no file"),
    "task of nothing": (
        CI,
        r"depends: sbom\.Succeeded",
        "depends: parts.Succeeded",
        f"{CI}:",
        "parts, which is no task",
    ),
    "entry of nothing": (CD, r"entrypoint: cd", "entrypoint: start", f"{CD}:", "entrypoint start is no template"),
    "what runs itself": (CD, r"template: refuse", "template: place", f"{CD}:", "template place runs itself"),
    "hook": (CD, r"template: approval", "template: approval\n            hooks: {}", f"{CD}:", "hooks isn't drawn"),
    "what isn't drawn": (CD, r"suspend: \{\}", "steps: []", f"{CD}:", "template approval has neither tasks nor pods"),
    "event of nothing": (PUSH, r"eventName: organization", "eventName: repository", "sensors/", "github/repository"),
    "set that isn't read": (
        DELIVERIES,
        r"\.path\.basename",
        ".path.last",
        f"{DELIVERIES}:1:",
        "there is no .path.last",
    ),
    "application of nobody": (
        DELIVERIES,
        r"--\{\{ \.path\.basename",
        "-at-{{ .path.basename",
        f"{CD}:",
        "waits for application alpha--shop--staging, which no ApplicationSet makes",
    ),
    "place of nobody": (CD, r"value: staging\n", "value: stage\n", f"{CD}:", "stage"),
    "chart that isn't read": (
        DELIVERIES,
        r"kind: AppProject",
        "kind: {{ shout .x }}",
        f"{DELIVERIES}:",
        "function shout",
    ),
    "analysis of nobody": (
        ROLLOUT,
        r"templateName: [\w-]+",
        "templateName: luck",
        "golden-path/skeleton/deploy",
        "AnalysisTemplate luck",
    ),
    "alert of nobody": (
        "charts/platform-rules/rules/argo-events.yaml",
        "alert: EventDeadLetter",
        "alert: EventLost",
        "charts/platform-rules/rules:",
        "no alert EventDeadLetter",
    ),
    "step that the text speaks of": (
        CD,
        r"(?<![\w-])sync(?![\w-])",
        "follow",
        "workflow-templates:",
        "no template or step sync",
    ),
    "value of nobody": (ROLLOUT, r"values\.name \}\}", "values.title }}", f"{ROLLOUT}:", "title"),
}


@pytest.mark.parametrize(("file", "pattern", "new", "where", "said"), WRONG.values(), ids=WRONG.keys())
def test_what_is_named_and_isn_t_there_is_refused(
    tree: Path, file: str, pattern: str, new: str, where: str, said: str
) -> None:
    change(tree, file, pattern, new)
    with pytest.raises(Unreadable) as raised:
        delivery_page.text(tree)
    assert str(raised.value).startswith(where)
    assert said in str(raised.value)


def test_a_refusal_is_printed_and_fails_the_check(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> str:
        raise Unreadable("sensors/push.yaml:3: starts nothing")

    monkeypatch.setattr(delivery_page, "text", refuse)
    assert delivery_page.main() == 1
    assert capsys.readouterr().err == "sensors/push.yaml:3: starts nothing\n"
