"""The book of terms: contracts as data, rules as pure functions, decisions that cite. Imports no framework."""
