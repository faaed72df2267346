"""Operations on the synthesized output: order, bootstrap, plan, apply, destroy. Needs no engine of the synth."""
