"""The rules of an account's contract: terms, changes, seats, notices, support, breach, eligibility, data."""
