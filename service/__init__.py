"""The one package with state and side effects: database, command line, artifact on disk."""
