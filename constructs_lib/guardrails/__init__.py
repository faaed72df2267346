"""Guardrails: rules with an id, checked on the synthesized JSON of every stack. Pure: imports no engine."""

from constructs_lib.guardrails.rule import GuardrailError, Violation, check_stacks

__all__ = ["GuardrailError", "Violation", "check_stacks"]
