"""One employee's day from its punches to its pay lines: what was taken as what, what is paid, what is not, and why."""
