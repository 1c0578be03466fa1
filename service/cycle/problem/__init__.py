"""The page of one problem, where the stages of the wheel meet."""
