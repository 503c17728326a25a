"""Faults on the wire: under any of them the matches may only shrink, and nothing is changed on what is not known.

The faults are put between the engine and the account at the HTTP layer; nothing in the engine's code is replaced.
"""
