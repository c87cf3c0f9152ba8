"""Questions that pages ask of the marts, one module for each page: pure functions from filters to a typed SELECT."""
