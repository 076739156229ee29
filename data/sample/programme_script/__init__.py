"""What `make_programme.py` draws and writes: an invented programme, as raw exports."""
