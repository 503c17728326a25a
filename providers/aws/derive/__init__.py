"""The deriver: resource types as records, made from the SDK's models by rules.

`derive(service, sdk, joins)` gives the records of one service (noun word → mapping in the schema of
`engine.model.record`). It needs no development package: the joins (`outside.py`) do, and without them a record has no
CloudFormation type, no ARN template and is accepted on what the model alone shows.
"""
