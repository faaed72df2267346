"""The local AWS server: moto with our extension, on a free loopback port. State is in memory and ends with it.

``python -m sandbox.server --ready FILE`` writes ``{"pid": ..., "port": ...}`` to FILE once it answers.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from sandbox.environment import LOOPBACK

# AWS managed policies are known, and certificates are issued at once.
SETTINGS = {"MOTO_IAM_LOAD_MANAGED_POLICIES": "true", "MOTO_ACM_VALIDATION_WAIT": "1"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ready", type=Path, required=True)
    ready: Path = parser.parse_args().ready
    # Read by moto when it is imported.
    os.environ.update(SETTINGS)
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
    from werkzeug.serving import make_server

    from sandbox.extension import extend

    application = extend(DomainDispatcherApplication(create_backend_app))
    server = make_server(LOOPBACK, 0, application, threaded=True, request_handler=MotoRequestHandler)
    # moto sends some requests to itself.
    os.environ["MOTO_PORT"] = str(server.server_port)
    signal.signal(signal.SIGTERM, _leave)
    partial = ready.with_name(f"{ready.name}.partial")
    partial.write_text(json.dumps({"pid": os.getpid(), "port": server.server_port}))
    partial.replace(ready)
    server.serve_forever()
    return 0


def _leave(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    sys.exit(main())
