"""One whole life of a deployment in a real account: doctor, bootstrap, apply, verify, destroy.

It costs money and makes real things, so it is refused unless the account was typed, nothing of the deployment is there
yet, and its deletion policy lets go of data. Once anything may have been made, it ends in destroy, or says how to.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from config.deployment import Deployment
from idp.errors import Interrupted, OperationError
from idp.findings import Finding, exit_code, summary

Findings = Sequence[Finding]


@dataclass(frozen=True, kw_only=True)
class Steps:
    """What each step does; one that can't go on raises OperationError.

    ``doctor`` is told whether the first half of the apply has gone through; ``apply`` which stacks, None for all;
    ``exists`` says whether the deployment has a state already; ``pause`` waits a minute.
    """

    exists: Callable[[], bool]
    doctor: Callable[[bool], Findings]
    bootstrap: Callable[[], None]
    apply: Callable[[Sequence[str] | None], None]
    verify: Callable[[], Findings]
    destroy: Callable[[], None]
    report: Callable[[str], None] = print
    pause: Callable[[], None] = lambda: time.sleep(60)


@dataclass(kw_only=True)
class Run:
    """One run. ``first`` are the stacks of the first half; ``minutes`` is how long a person's part is waited for."""

    deployment: Deployment
    steps: Steps
    first: Sequence[str]
    minutes: int
    done: list[str] = field(default_factory=list)

    def start(self, account: str) -> int:
        """Run it all, ``account`` being what the user typed. Returns 0, or 2 where a smoke test failed.

        Raises OperationError where it is refused, and what stopped a step: then after the destroy.
        """
        self._refuse(account)
        self._healthy()
        try:
            self._step("bootstrap", self.steps.bootstrap)
            self._step("apply, first half", lambda: self.steps.apply(self.first))
            self._step("what a person does", self._person)
            self._step("apply", lambda: self.steps.apply(None))
            findings = self.steps.verify()
            self.done.append("verify")
        except (Interrupted, KeyboardInterrupt):
            self.steps.report(f"stopped; {self._remaining()}")
            raise
        except Exception:
            # Of whatever kind: credentials that ran out raise boto3's own errors.
            self.steps.report("a step failed: destroying what is there")
            self._destroy()
            raise
        self.steps.report(f"verify: {summary(findings)}")
        self._destroy()
        return exit_code(findings, strict=False)

    def _refuse(self, account: str) -> None:
        """Raise OperationError unless the account is right, data may go, and nothing is there that isn't this run's."""
        which, own = self.deployment.id, self.deployment.platform.account
        if account != own:
            typed = f"was {account}" if account else "is missing"
            raise OperationError(
                f"not confirmed: this makes and destroys all of {which} in account {own}; E2E_ACCOUNT {typed}",
                remedy=f"nothing was changed; to go on, set E2E_ACCOUNT={own}",
            )
        if self.deployment.deletion_policy == "retain":
            raise OperationError(
                f"{which} keeps its data (deployment:deletionPolicy is retain), so it can't be destroyed at the end",
                remedy="run this on a deployment of its own, with deployment:deletionPolicy snapshot or drop",
            )
        if self.steps.exists():
            raise OperationError(
                f"{which} is there already, and would be destroyed at the end",
                remedy=f"run this on a deployment of its own. Left by an earlier run? {self._remaining()}",
            )

    def _healthy(self) -> None:
        findings = self.steps.doctor(False)
        if exit_code(findings, strict=False):
            raise OperationError(
                f"doctor: {summary(findings)}; nothing was changed", remedy="correct what it found, then run this again"
            )
        self.done.append("doctor")

    def _person(self) -> None:
        """Wait until zone, certificate and secrets are as they should be, for ``minutes`` at most."""
        for left in range(self.minutes, -1, -1):
            findings = self.steps.doctor(True)
            missing = [finding for finding in findings if finding.result == "fail"]
            if not missing:
                return
            for finding in missing:
                self.steps.report(f"  {finding.check}: {finding.seen}\n    → {finding.remedy}")
            if left:
                self.steps.report(f"{len(missing)} things are missing; asked again in a minute, {left} more times")
                self.steps.pause()
        raise OperationError(
            f"after {self.minutes} minutes a person's part isn't done: {', '.join(each.check for each in missing)}",
            remedy="docs/POST_DEPLOYMENT.md says how; --wait gives more minutes",
        )

    def _step(self, name: str, work: Callable[[], None]) -> None:
        self.steps.report(f"== {name}")
        work()
        self.done.append(name)

    def _destroy(self) -> None:
        try:
            self._step("destroy", self.steps.destroy)
        except BaseException:
            self.steps.report(f"NOT destroyed; {self._remaining()}")
            raise

    def _remaining(self) -> str:
        which, policy = self.deployment.id, self.deployment.deletion_policy
        command = f"python -m idp destroy --deployment {which} --yes-destroy {which} --yes-policy {policy}"
        return f"what is there goes on costing money until you run `{command}`"
