"""The calls as people look through them: found, filtered, read whole, and seen from the communes' side."""
