"""What every route shares: the transaction, the principal, errors as problems, pages of lists, versions as ETags."""
