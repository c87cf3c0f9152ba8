"""The front doors through which the simulated company reaches the system, each the way the real thing would."""
