"""What happened: who saw or changed what, and every recommendation that was shown."""
