"""One importer per official format, all with the same shape: rows in, records or quarantined rows out."""
