"""What those who run the service need: is it whole, what is it doing, how is it got back."""
