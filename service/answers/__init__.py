"""Recommendations as the service gives them: asked, answered, kept, and explained again later."""
