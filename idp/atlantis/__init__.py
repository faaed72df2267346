"""Atlantis: its configuration from the stack graph, and what its server runs on a pull request."""
