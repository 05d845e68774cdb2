"""Referral partners: when a referral counts, what it earns, and when it is paid."""
