"""What crosses a boundary between parts: punch events, HR rows, documents, and the errors that say what to do with them."""
