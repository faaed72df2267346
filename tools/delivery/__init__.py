"""What docs/DELIVERY.md shows, read from the files that decide it; ``tools/delivery_page.py`` is the page."""
