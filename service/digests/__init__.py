"""The weekly e-mail: who gets it, what each was told, and its delivery."""
