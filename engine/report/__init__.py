"""How results are shown and written: tables, JSON, c7n's files, diagnostics for people and for CI."""
