"""Operations on the synthesized output: order, bootstrap, plan, apply, teardown. Needs no engine of the synth."""
