"""Values shared by every room: what a policy, a resource, a need, a verdict and a change are.

Imports the standard library and nothing else; nothing here performs I/O.
"""
