"""Who we deal with: customers, their subscriptions and documents, the notices they got, the keys they hold."""
