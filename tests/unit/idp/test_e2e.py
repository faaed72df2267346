"""One whole life of a deployment: order of its steps, what refuses it, and that it ends in destroy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from botocore.exceptions import NoCredentialsError

from config.deployment import Deployment
from config.loader import load_one
from idp.e2e import Run, Steps
from idp.e2e_cli import first_half, refuse_half_made
from idp.errors import Interrupted, OperationError
from idp.findings import Finding, fail, ok, unknown, warn
from tests.unit.idp.output import stack

ACCOUNT = "111122223333"
MISSING = fail("secret: /idp/oauth/argocd", "is empty", "write it")
FIRST = ["idp-account", "idp-foundation-vpc"]


@dataclass(kw_only=True)
class Recorded:
    """Steps that only say what was asked of them; ``fails`` names one that stops, ``doctors`` what is found in turn."""

    there: bool = False
    fails: str = ""
    error: Callable[[str], BaseException] = lambda name: OperationError(f"{name} stopped", remedy="mend it")
    doctors: list[list[Finding]] = field(default_factory=list)
    verified: Sequence[Finding] = (ok("x", "well"),)
    calls: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def note(self, name: str) -> None:
        self.calls.append(name)
        if name == self.fails:
            raise self.error(name)

    def doctor(self, deployed: bool) -> Sequence[Finding]:
        self.note("doctor after" if deployed else "doctor before")
        return self.doctors.pop(0) if self.doctors else []

    def verify(self) -> Sequence[Finding]:
        self.note("verify")
        return self.verified

    @property
    def steps(self) -> Steps:
        return Steps(
            exists=lambda: self.there,
            doctor=self.doctor,
            bootstrap=lambda: self.note("bootstrap"),
            apply=lambda only: self.note("apply" if only is None else f"apply {' '.join(only)}"),
            verify=self.verify,
            destroy=lambda: self.note("destroy"),
            report=self.said.append,
            pause=lambda: self.note("pause"),
        )


@pytest.fixture(scope="module")
def deployment(shipped_context: dict[str, object]) -> Deployment:
    return load_one(shipped_context | {"deployment:deletionPolicy": "snapshot"}, source="test.json")


def start(deployment: Deployment, recorded: Recorded, account: str = ACCOUNT, minutes: int = 2) -> int:
    return Run(deployment=deployment, steps=recorded.steps, first=FIRST, minutes=minutes).start(account)


def test_the_steps_come_in_order_and_end_in_destroy(deployment: Deployment) -> None:
    recorded = Recorded()
    assert start(deployment, recorded) == 0
    assert recorded.calls == [
        "doctor before",
        "bootstrap",
        "apply idp-account idp-foundation-vpc",
        "doctor after",
        "apply",
        "verify",
        "destroy",
    ]


@pytest.mark.parametrize("account", ["", "444455556666", "yes"])
def test_without_the_account_nothing_is_even_asked(deployment: Deployment, account: str) -> None:
    recorded = Recorded()
    with pytest.raises(OperationError, match="set E2E_ACCOUNT=111122223333"):
        start(deployment, recorded, account)
    assert recorded.calls == []


def test_data_that_is_kept_and_a_deployment_that_is_there_are_refused(
    deployment: Deployment, shipped_context: dict[str, object]
) -> None:
    recorded = Recorded()
    with pytest.raises(OperationError, match="deletionPolicy is retain"):
        start(load_one(shipped_context, source="test.json"), recorded)
    recorded = Recorded(there=True)
    with pytest.raises(OperationError, match="is there already") as refusal:
        start(deployment, recorded)
    assert "--yes-destroy idp --yes-policy snapshot" in refusal.value.remedy
    assert recorded.calls == []


@pytest.mark.parametrize("finding", [MISSING, unknown("quota", "nobody says", "ask")])
def test_where_the_doctor_finds_something_nothing_is_made(deployment: Deployment, finding: Finding) -> None:
    recorded = Recorded(doctors=[[finding]])
    with pytest.raises(OperationError, match="nothing was changed"):
        start(deployment, recorded)
    assert recorded.calls == ["doctor before"]


def test_a_person_s_part_is_waited_for(deployment: Deployment) -> None:
    recorded = Recorded(doctors=[[], [MISSING], [MISSING], [warn("a", "b", "c")]])
    assert start(deployment, recorded) == 0
    assert recorded.calls.count("pause") == 2
    assert any("write it" in line for line in recorded.said)


def test_a_person_who_never_comes_ends_it(deployment: Deployment) -> None:
    recorded = Recorded(doctors=[[], *[[MISSING]] * 9])
    with pytest.raises(OperationError, match="after 2 minutes a person's part isn't done: secret: /idp/oauth/argocd"):
        start(deployment, recorded)
    assert recorded.calls[-1] == "destroy"
    assert recorded.calls.count("pause") == 2


@pytest.mark.parametrize("name", ["bootstrap", "apply idp-account idp-foundation-vpc", "apply", "verify"])
def test_a_failure_ends_in_destroy_and_is_told(deployment: Deployment, name: str) -> None:
    recorded = Recorded(fails=name)
    with pytest.raises(OperationError, match=f"{name} stopped"):
        start(deployment, recorded)
    assert recorded.calls[-2:] == [name, "destroy"]


def test_an_error_that_no_step_announces_ends_in_destroy_too(deployment: Deployment) -> None:
    recorded = Recorded(fails="verify", error=lambda _name: NoCredentialsError())
    with pytest.raises(NoCredentialsError):
        start(deployment, recorded)
    assert recorded.calls[-2:] == ["verify", "destroy"]


def test_a_smoke_test_that_fails_is_the_exit_code_after_the_destroy(deployment: Deployment) -> None:
    recorded = Recorded(verified=[ok("a", "b"), MISSING])
    assert start(deployment, recorded) == 2
    assert recorded.calls[-1] == "destroy"
    assert "verify: 1 ok, 1 fail" in recorded.said


def test_a_destroy_that_fails_says_how_to_go_on(deployment: Deployment) -> None:
    recorded = Recorded(fails="destroy")
    with pytest.raises(OperationError, match="destroy stopped"):
        start(deployment, recorded)
    assert recorded.said[-1].startswith("NOT destroyed; ")
    assert "python -m idp destroy --deployment idp --yes-destroy idp --yes-policy snapshot" in recorded.said[-1]


@pytest.mark.parametrize("error", [lambda _name: KeyboardInterrupt(), lambda name: Interrupted(name, remedy="again")])
def test_who_stops_it_is_told_how_to_destroy(deployment: Deployment, error: Callable[[str], BaseException]) -> None:
    recorded = Recorded(fails="apply", error=error)
    with pytest.raises((KeyboardInterrupt, Interrupted)):
        start(deployment, recorded)
    assert recorded.calls[-1] == "apply"
    assert "goes on costing money" in recorded.said[-1]


def test_the_first_half_waits_for_no_pod() -> None:
    names = ["idp-bootstrap", "idp-account", "idp-foundation-vpc", "idp-cluster-eks", "idp-platform-argocd"]
    assert first_half([stack(name) for name in names]) == FIRST


@pytest.mark.parametrize(
    ("local", "remote", "refused"), [(True, False, True), (True, True, False), (False, True, False)]
)
def test_a_half_made_bootstrap_is_not_called_destroyed(local: bool, remote: bool, refused: bool) -> None:
    bootstrap = stack("idp-bootstrap")
    running = SimpleNamespace(
        bootstrap=bootstrap,
        remote_state=lambda _stack: {} if remote else None,
        workspace=SimpleNamespace(
            local_state=lambda _s: {} if local else None, directory=lambda _s: "work/idp-bootstrap"
        ),
    )
    with pytest.raises(OperationError, match="half made") if refused else nullcontext():
        refuse_half_made(running)  # type: ignore[arg-type]
