"""Policies: the vocabulary of labour rules as pydantic models, the YAML files that use it, their loader and the case runner."""
