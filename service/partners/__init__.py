"""Whom a commune could do it with: suggested partners, whole partnerships, and interest shown by consent."""
