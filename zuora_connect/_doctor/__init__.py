"""Walks the way of a login step by step, with Python's own sockets and TLS, and says where it ends and what to do next.

Only the command `doctor` imports it. Nothing of the login is sent on the way; the login itself is the last step, made
by the extension like any other.
"""
