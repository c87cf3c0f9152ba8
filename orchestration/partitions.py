"""The days that can be recomputed."""

import dagster as dg

# No punch is older (timecontrol.contracts.punch.EARLIEST); today is a partition from its first minute on.
days = dg.DailyPartitionsDefinition(start_date="2000-01-01", end_offset=1)
