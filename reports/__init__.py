"""Documents: the data of a report, its words, its pages and its PDF."""
