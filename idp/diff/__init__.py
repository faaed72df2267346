"""What changed between two synths, or will by their plans: resources by what happens to them, with the arguments."""
