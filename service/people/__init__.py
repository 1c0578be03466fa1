"""Personer och organisationer: who takes part, who is invited, who leaves."""
