"""Who may do what: one table of rules, and the person or program that a request comes from."""
