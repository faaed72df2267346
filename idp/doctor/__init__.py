"""Whether a deployment can be deployed, and what it still lacks. Everything here only reads."""
