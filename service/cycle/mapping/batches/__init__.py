"""Reports from a file: unpacked, understood, checked row by row, taken in, and undone if wrong.

A worker does each step chunk by chunk, every chunk in a transaction of its own that asks for the
next one. So a large file holds up nobody else's report, and a crash leaves no chunk half done.
"""
