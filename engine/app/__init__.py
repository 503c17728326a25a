"""Use cases without a terminal: nothing here prints, asks, or knows a command line."""
