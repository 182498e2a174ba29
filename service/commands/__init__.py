"""The sub-commands of ``remix``; heavy imports happen inside them, so that ``remix --help`` answers at once."""
