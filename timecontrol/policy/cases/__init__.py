"""Case files: what lawyers, payroll and HR expect of a policy, run through the models of production in a scratch schema."""
