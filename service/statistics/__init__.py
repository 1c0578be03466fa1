"""Pure functions on arrays: no database, no web, no clock.

Every function takes and gives numpy arrays (or plain numbers) and states their shapes and units.
The letters A, C, K and T in shapes are areas, categories, organisations (actors) and weeks;
the last week is always at index T - 1. `statistics.md`, which some name by its sections, describes
the methods; it lies with the reference results in the folder of KS_REFERENCE.
"""
