"""Servers of tests, on loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer

HOST = "127.0.0.1"


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[str]:
    """``server``, answering until the end of the block. Its host and port."""
    # It looks that often whether it is to end.
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"{HOST}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
