"""Long work: asked for by one request, done beside the others, looked at and fetched when it is done."""
