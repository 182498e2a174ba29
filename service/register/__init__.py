"""The register of projects: official ones and those that communes keep, in one list with their places and programmes.

records (precedents, projects) ──► register_entries, register_places ──► lists, counts, programmes with their totals
"""
