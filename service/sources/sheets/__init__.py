"""Tables that people keep elsewhere, as CSV or Excel: read row by row, whatever their dialect."""
