"""Where is there an AWS account to try a policy on? Here: one built from a YAML world, on loopback.

The command line asks `engine.sandbox.account` (standard library only, cheap to import); the account itself is moto in a
process of its own, `engine.sandbox.serve`. Tests take `engine.sandbox.inprocess.sandbox`.
"""
