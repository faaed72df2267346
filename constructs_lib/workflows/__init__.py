"""What workflows run: templates, the daemons that build images, and who may do what."""
