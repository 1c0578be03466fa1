"""The preparatory group's regular meeting: called by letter, on an agenda that fills itself."""
