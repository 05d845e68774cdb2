"""The rules of partner programmes, one module a noun: referrals, commissions, payouts."""
