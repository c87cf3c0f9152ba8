"""User Core: clocking, people, schedules, leave, corrections: the business rules behind the API. Pure; stores and doors do the I/O."""
