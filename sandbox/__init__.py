"""A local AWS server that the real engine applies the very JSON of production to. What it proves: docs/SANDBOX.md."""
