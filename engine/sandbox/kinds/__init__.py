"""What can stand in a world? One frozen dataclass a kind of thing; its fields are the keys a world file may write.

`kind.py` says what all kinds share; the other files hold the kinds, by the neighbourhood of AWS they live in. Each kind
also says how it is made: `build(site)` makes it through the AWS API, then moves its dates into the past.
"""
