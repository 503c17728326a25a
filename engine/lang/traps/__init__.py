"""One file for each family of traps; each lists its functions in `TRAPS`. W3NN is trap NN of the language reference."""
