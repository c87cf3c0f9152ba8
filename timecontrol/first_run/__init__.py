"""The example that a new user sees: `timecontrol run`."""
