"""Our own charts as files of a stack."""

from __future__ import annotations

from pathlib import Path

import pytest

from constructs_lib.helm import charts
from constructs_lib.helm.charts import local_chart


@pytest.fixture
def chart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(charts, "CHARTS", tmp_path)
    local_chart.cache_clear()
    (tmp_path / "thing" / "templates").mkdir(parents=True)
    (tmp_path / "thing" / "Chart.yaml").write_text("name: thing\nversion: 1.2.3\n")
    (tmp_path / "thing" / "templates" / "a.yaml").write_text("kind: A\n")
    return tmp_path / "thing"


def fresh() -> charts.LocalChart:
    local_chart.cache_clear()
    return local_chart("thing")


@pytest.mark.usefixtures("chart")
def test_every_file_goes_below_charts() -> None:
    assert set(fresh().files) == {"charts/thing/Chart.yaml", "charts/thing/templates/a.yaml"}
    assert fresh().files["charts/thing/templates/a.yaml"] == "kind: A\n"


@pytest.mark.usefixtures("chart")
def test_the_version_says_which_files_these_are() -> None:
    found = fresh()
    assert found.version.startswith("1.2.3+")
    assert f"version: {found.version}\n" in found.files["charts/thing/Chart.yaml"]


def test_a_changed_template_is_another_version(chart: Path) -> None:
    before = fresh().version
    (chart / "templates" / "a.yaml").write_text("kind: B\n")
    assert fresh().version != before


def test_a_chart_without_a_version_is_refused(chart: Path) -> None:
    (chart / "Chart.yaml").write_text("name: thing\n")
    with pytest.raises(ValueError, match="states no version"):
        fresh()
