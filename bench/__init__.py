"""The benchmark: how long a synth takes, against two peers in the same run, and how it grows with its teams."""
