"""What can be computed from digits and answers: statistics and evaluation."""
