"""The graph of the data from raw rows to exports, and when what of it runs. Nothing imports this package."""
