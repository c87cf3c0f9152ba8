"""What readers get: reads of the marts, their cache, documents, explanations, exports and the proof that nothing is missing."""
