"""The HTTP interface under ``/api/v1``: thin routes over functions that the pages call too."""
