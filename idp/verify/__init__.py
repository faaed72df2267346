"""Whether what was deployed works: the seed's phase tests and what they rest on. Everything here only reads.

Objects are "created" by dry runs on the server: they go through authorization, admission, policies and quotas, and
nothing is kept.
"""
