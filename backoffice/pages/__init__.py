"""What staff see beside the admin's lists: today, the book of terms, the calculator and the days' runs."""
