"""Reusable constructs and pure calculators, one directory for each topic."""

from constructs_lib.bindings import prepare

# Before any module of this package, or of stacks/, imports a generated binding.
prepare()
