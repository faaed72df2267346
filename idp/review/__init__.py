"""The page for reviewers: one HTML file of everything that a synth wrote for a deployment. Imports no engine."""
