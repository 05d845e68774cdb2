"""The sections of a term sheet, one module a subject. A section that a contract is silent on is absent from its sheet.

Every alternative is a term of its own (how a month end falls, which refund formula, which interest), so that a new
vendor is a new sheet and no code.
"""
