"""Text that came from a server, made fit to be read or shown. The extension comes here for what is not plain."""


def printable(text: str) -> str:
    """Escape what `str.isprintable` refuses, as a Python literal would: `\\n`, `\\x1b`, `\\u202e`; nothing else."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
