"""What auditor, data-protection officer and records officer look at: the log of what was done."""
