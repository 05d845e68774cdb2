"""The rules of money: late payment, payments and disputes, refunds, service credits."""
