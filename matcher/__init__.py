"""Matching of needs, projects and assets with funding calls: a pure library."""
