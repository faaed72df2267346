"""What a deployment costs, before anything is applied: as a table on the terminal, Markdown or JSON."""
