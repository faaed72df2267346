"""The evidence of a deployment as files: Markdown for people, CSV for spreadsheets, OSCAL for tools."""
