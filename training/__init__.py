"""Making artifacts from data; never imported at run time."""
