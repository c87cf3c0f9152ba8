"""The live state sink: who is in, on break or out, and who people are, in the Read Redis within a second."""
