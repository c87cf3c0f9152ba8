"""Files that time clocks and gates leave behind: ZKTeco attlog dumps, and CSV by a mapping."""
