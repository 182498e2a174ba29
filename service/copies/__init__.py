"""Copies of the whole database, which go from any database to any other and prove that nothing was lost.

back_up(engine, file) ──► FILE.tar.gz ──► check(file) ──► restore(settings, file) ──► compared table by table
"""
