"""Django plumbing without tables: tenancy, transactions, row-level-security operations, the embedded server."""
