"""The differences between the engines that are known, and why each is so.

One that isn't here fails the run, and so does one here that doesn't occur any more.
"""

from __future__ import annotations

from config.versions import TERRAIN, TOOLS
from tools.terrain.compare import Explained

# cdktf and its command line have one version.
_CDKTF, _TERRAIN = TOOLS["cdktf-cli"], TERRAIN["cdktn"]

EXPLAINED = (
    Explained(
        files="output/manifest.json",
        path="version",
        cdktf=_CDKTF,
        terrain=_TERRAIN,
        reason="The engine writes its version into its manifest, which only its own command line reads.",
    ),
    Explained(
        files="engine/*/manifest.json",
        path="version",
        cdktf=_CDKTF,
        terrain=_TERRAIN,
        reason="As in the output: the manifest holds the engine's version.",
    ),
    Explained(
        files="engine/*/stacks/*/cdk.tf.json",
        path="//.metadata.version",
        cdktf=_CDKTF,
        terrain=_TERRAIN,
        reason="The engine writes its version into a comment of every stack; our synth leaves its comments out.",
    ),
)
