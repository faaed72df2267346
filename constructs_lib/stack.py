"""The base of every stack: provider, backend, tags, contracts, and resources with readable addresses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Concatenate, ParamSpec, TypeVar

from cdktf_cdktf_provider_aws.provider import AwsProvider, AwsProviderDefaultTags

from config.deployment import Deployment
from constructs_lib.checkov import refusals
from constructs_lib.contracts import Contract
from constructs_lib.engine import (
    App,
    Construct,
    DataTerraformRemoteStateS3,
    S3Backend,
    TerraformElement,
    TerraformOutput,
    TerraformStack,
)
from constructs_lib.evidence.catalog import place, unknown
from constructs_lib.naming import address, naming_of
from constructs_lib.written import ASSET_DIRECTORIES

# Each engine finds "hashicorp/aws" in its own registry. Both majors hold: the JSON sets no argument of one only.
AWS_PROVIDER = {"source": "hashicorp/aws", "version": ">= 5.100.0, < 7.0.0"}

# Of a deployment in scope of a standard, by which the guardrails and AWS's own tools find what is.
STANDARD_TAG = "compliance-standard"

P = ParamSpec("P")
E = TypeVar("E", bound=TerraformElement)
C = TypeVar("C", bound=Contract)


class PlatformStack(TerraformStack):
    """One Terraform root with its own state. A subclass says its ``layer`` and ``stack`` and composes constructs.

    Where there are many stacks of a kind, ``stack`` is the instance's: a class for each would make all of them slower.

    Resources are added flat, by ``add``: an address is then the type and the name that a reader sees in the code, with
    no hash (docs/adr/0001-flat-stacks.md).
    """

    layer: ClassVar[str]
    stack: str

    def __init__(self, app: App, deployment: Deployment) -> None:
        self.deployment = deployment
        self.naming = naming_of(deployment)
        self.full_name = self.naming.stack(self.layer, self.stack)
        super().__init__(app, self.full_name)
        self.reads: dict[str, Contract] = {}
        self.assets: dict[str, str] = {}
        # Joins the engine's JSON when that is read (constructs_lib.plain).
        self.plain: dict[str, Any] = {}
        self.waivers: dict[str, dict[str, str]] = {}
        self.controls: dict[str, tuple[str, ...]] = {}
        self._provider()
        self._backend()

    def add(
        self, kind: Callable[Concatenate[Construct, str, P], E], name: str, /, *args: P.args, **kwargs: P.kwargs
    ) -> E:
        """Create an element of ``kind`` whose Terraform address is ``<type>.<name>``.

        Raises ValueError where ``name`` is no lower-case identifier, and the engine's error where it is taken.
        """
        element = kind(self, f"{getattr(kind, '__name__', 'element')}:{address(name)}", *args, **kwargs)
        element.override_logical_id(name)
        return element

    def add_provider(self, kind: Callable[Concatenate[Construct, str, P], E], name: str, /, **arguments: Any) -> None:
        """Configure provider ``name``."""
        kind(self, name, **arguments)  # type: ignore[call-arg]

    def asset(self, path: str, text: str) -> None:
        """Put a text file beside the stack's JSON, at ``path`` below its directory.

        Raises ValueError where ``path`` lies outside of ASSET_DIRECTORIES, or another text has it.
        """
        if path.partition("/")[0] not in ASSET_DIRECTORIES or ".." in path.split("/"):
            raise ValueError(f"asset {path}: must lie in one of {', '.join(ASSET_DIRECTORIES)}")
        if self.assets.setdefault(path, text) != text:
            raise ValueError(f"asset {path} has two texts")

    def export(self, contract: Contract) -> None:
        """Declare ``contract`` as this stack's outputs."""
        if (contract.layer, contract.stack) != (self.layer, self.stack):
            raise ValueError(f"{type(contract).__name__} belongs to {contract.layer}/{contract.stack}")
        for name, value in contract.outputs(self.deployment).items():
            self.add(TerraformOutput, name, value=value)

    def read(self, contract: type[C]) -> C:
        """The outputs of ``contract``'s producer, through its remote state. Adds the dependency on that stack."""
        producer = self.naming.stack(contract.layer, contract.stack)
        data = address(contract.layer, contract.stack)
        if producer not in self.reads:
            self.add(
                DataTerraformRemoteStateS3,
                data,
                bucket=self.naming.state_bucket,
                key=producer,
                region=self.deployment.platform.region,
                kms_key_id=self.naming.state_key_arn,
                encrypt=True,
            )
            self.reads[producer] = contract.referring_to(f"data.terraform_remote_state.{data}", self.deployment)
        found = self.reads[producer]
        if not isinstance(found, contract):
            raise TypeError(f"{producer} has two contracts: {type(found).__name__} and {contract.__name__}")
        return found

    def override(self, path: str, value: Any) -> None:
        """Set what the bindings can't express, at the dotted JSON ``path`` below the stack's root."""
        self.add_override(path, value)

    def waive(self, address: str, /, **reasons: str) -> None:
        """Say why checks of checkov, by id, don't apply to what is at ``address`` (``aws_vpc.vpc``, ``data.x.y``).

        Raises ValueError for a check that constructs_lib.checkov doesn't know, a text that is no reason, and a second
        reason for one check; synth raises it where the stack doesn't hold the address.
        """
        said = self.waivers.get(address, {})
        wrong = [*refusals(reasons), *(f"{check} has two reasons" for check in reasons.keys() & said.keys())]
        if wrong:
            raise ValueError(f"{self.full_name}: {address}: {'; '.join(wrong)}")
        if reasons:
            self.waivers[address] = said | reasons

    def serves(self, address: str, /, *requirements: str) -> None:
        """Say which requirements of PCI DSS v4.0.1 ("10.3.2") what is at ``address`` helps to meet.

        Raises ValueError for requirements that the catalog lacks; synth raises it where the stack doesn't hold the
        address.
        """
        if wrong := unknown(requirements):
            raise ValueError(
                f"{self.full_name}: {address}: {', '.join(wrong)} isn't in constructs_lib/evidence/catalog"
            )
        self.controls[address] = tuple(sorted({*self.controls.get(address, ()), *requirements}, key=place))

    def tags(self) -> dict[str, str]:
        """Default tags of every resource."""
        deployment = self.deployment
        standard = deployment.policy.standard
        return {
            "deployment": deployment.id,
            "environment": deployment.environment,
            "layer": self.layer,
            "stack": self.full_name,
            "owner": deployment.platform.owner,
            "cost-center": deployment.platform.cost_center,
            "data-classification": deployment.platform.data_classification,
            **({} if standard == "none" else {STANDARD_TAG: standard}),
        }

    def _provider(self) -> None:
        platform = self.deployment.platform
        self.add_provider(
            AwsProvider,
            "aws",
            region=platform.region,
            allowed_account_ids=[platform.account],
            default_tags=[AwsProviderDefaultTags(tags=self.tags())],
        )
        self.override("terraform.required_providers.aws", AWS_PROVIDER)

    def _backend(self) -> None:
        lock = self.deployment.state.lock
        S3Backend(
            self,
            bucket=self.naming.state_bucket,
            key=self.full_name,
            region=self.deployment.platform.region,
            encrypt=True,
            kms_key_id=self.naming.state_key_arn,
            dynamodb_table=self.naming.lock_table if lock in ("dynamodb", "both") else None,
        )
        if lock in ("s3", "both"):
            # The engine's S3Backend predates S3-native locking and has no argument for it.
            self.override("terraform.backend.s3.use_lockfile", True)


@dataclass(frozen=True, kw_only=True)
class Planned:
    """A stack that a deployment has, before it is made."""

    layer: str
    stack: str
    make: Callable[[App, Deployment], PlatformStack]


def order(stacks: Sequence[PlatformStack]) -> None:
    """Tell the engine the order that the contracts imply, so that its manifest carries the stack graph.

    Every stack waits for bootstrap as well: its state is kept in the bucket made there.
    """
    by_name = {stack.full_name: stack for stack in stacks}
    for stack in stacks:
        for producer in waits_for(stack):
            if producer in by_name:
                stack.add_dependency(by_name[producer])


def waits_for(stack: PlatformStack) -> list[str]:
    """Names of the stacks that come before ``stack``, in order of the alphabet, whether there are such or not."""
    bootstrap = stack.naming.stack("bootstrap", "bootstrap")
    return sorted({*stack.reads, bootstrap} - {stack.full_name})
