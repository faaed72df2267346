"""Puts a repository into ok-cli, which keeps the organization's repositories: what lists them is added to."""
