"""A real Kubernetes control plane on loopback, and helpers to put the project's objects into it."""
