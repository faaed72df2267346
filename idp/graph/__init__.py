"""The graph of a deployment's stacks: layers, who reads whom, and the outputs that pass."""
