"""The portal: pages made on the server, in Italian first, that work without scripts.

Every page calls the same functions as the HTTP interface; templates only lay out what a view has prepared.
"""
