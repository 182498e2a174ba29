"""One file per version of the tables; a file that was released is never edited."""
