"""A small HTTP server on a real socket, which answers or misbehaves as planned."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

HANG_UP = "hang up instead of an answer"
SILENCE = "never answer"
LAST = "answer, then close the connection without a word"


class Handler(BaseHTTPRequestHandler):
    """Does what the server was told to do with the next request."""

    protocol_version = "HTTP/1.1"

    def setup(self):
        self.server.connections += 1
        super().setup()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.append((self.path, self.headers, body))
        plan = self.server.plans.pop(0) if self.server.plans else (200, b"<ok/>")
        if plan == SILENCE:
            self.server.released.wait()
        if plan in (SILENCE, HANG_UP):
            self.close_connection = True
            return
        status, answer = (200, b"<ok/>") if plan == LAST else plan
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
        if plan == LAST:
            self.close_connection = True

    def log_message(self, *_):
        pass


class Peer(ThreadingHTTPServer):
    """Keeps what was posted, and counts connections."""

    daemon_threads = False

    def __init__(self, tls=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.connections = 0
        self.posts = []
        self.plans = []
        self.released = threading.Event()
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self.server_port}/folder/id/tasks"
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)

    def forms(self):
        return [
            {name: values[0] for name, values in parse_qs(body.decode()).items()}
            for _, _, body in self.posts
        ]

    def handle_error(self, *_):
        pass

    def __enter__(self):
        self.thread = threading.Thread(target=self.serve_forever, args=(0.01,))
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.released.set()
        self.shutdown()
        self.thread.join()
        self.server_close()
