"""What lies behind a number of the picture: a place, an area or a category, week by week."""
