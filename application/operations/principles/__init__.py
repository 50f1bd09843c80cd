"""The eight principles of the data flow, each shown by the fault it protects against."""
