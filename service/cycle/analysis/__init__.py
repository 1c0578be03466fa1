"""Analysis: problems opened on the picture's evidence, what is known, likely causes."""
