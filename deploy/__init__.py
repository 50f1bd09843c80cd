"""Kinelog runs in containers: what Docker needs beside its own files, and a look at the result."""
