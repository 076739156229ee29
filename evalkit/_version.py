"""The version, in one place: pyproject.toml and the manifest read it here."""

__version__ = "0.1.0"
