"""What a commune sees of itself: its facts, what it needs, the calls for it, what it decided, its deadlines."""
