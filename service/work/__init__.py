"""What people write: their needs, projects and assets, what they decided about calls, what they corrected."""
