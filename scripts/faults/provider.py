"""A provider that says what it is told to, on loopback."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Provider:
    """Answers every question with `text`, after `pause` seconds. A context manager."""

    def __init__(self, text, pause=0.0):
        handler = type("Handler", (_Handler,), {"text": text, "pause": pause})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def environment(self):
        """What leads a host here."""
        return {
            "OPENAI_API_KEY": "sk-of-nobody-0123456789",
            "OPENAI_BASE_URL": f"http://127.0.0.1:{self.server.server_port}/v1",
        }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    text, pause = "", 0.0

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        time.sleep(self.pause)
        self._say(
            {
                "status": "completed",
                "model": asked.get("model", "model"),
                "output": [
                    {
                        "type": "message",
                        "content": [{"type": "output_text", "text": self.text}],
                    }
                ],
                "usage": {"input_tokens": 10, "output_tokens": 10},
            }
        )

    def do_GET(self):
        self._say({"data": []})

    def _say(self, answer):
        body = json.dumps(answer).encode()
        try:
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            pass

    def log_message(self, *_):
        """Not of interest."""
