"""Texts of printed invoices, one catalogue of Fluent for each language."""
