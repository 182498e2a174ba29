"""From the world to records: importers of official formats and the embedded default corpus."""
