"""The strategic frame over the records: stored tags, the matrix of what lies where, and its gaps."""
