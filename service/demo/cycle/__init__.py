"""What the invented groups have made of their pictures: from problem to answer, all invented."""
