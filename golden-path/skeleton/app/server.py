"""The service: answers on port 8080, says on /healthz that it is ready, and ends what it has begun when told to."""

import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = {"/": "${{ values.name }}\n", "/healthz": "ok\n"}.get(self.path)
        body = (found or "not found\n").encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main(port: int = 8080) -> None:
    server = ThreadingHTTPServer(("", port), Handler)
    # shutdown() waits for the loop, which runs in this very thread.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever()


if __name__ == "__main__":
    main()
