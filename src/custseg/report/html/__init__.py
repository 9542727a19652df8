"""A report as one HTML file: styles and pictures inside, no script, nothing from elsewhere."""
