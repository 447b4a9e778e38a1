"""The pages. A view parses, calls the domain, and renders."""
