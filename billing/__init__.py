"""Money: prices, invoices, interest, refunds and service credits."""
