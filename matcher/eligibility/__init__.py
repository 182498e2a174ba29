"""Who may apply for a call: rules read from its words, judged for an applicant in three values."""
