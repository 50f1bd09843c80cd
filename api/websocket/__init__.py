"""Servers that stay open: WebSockets through which frames come in and answers go out."""
