"""What payroll takes as files: one module per format, a manifest beside each file."""
