"""What a deployment costs, as an estimate: prices by date, and what falls to a component. Pure: imports no engine."""
