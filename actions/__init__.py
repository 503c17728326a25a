"""Generic actions, one file a word: pure functions from a resource to the change it should undergo."""
