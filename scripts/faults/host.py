"""A host under attack: its process, its people, its memory, and whether it answers."""

import http.client
import json
import os
import resource
import shutil
import subprocess
import tempfile
import time

REST = "/api/llm-monitoring"
HEALTH = REST + "/health"
ADMIN = "admin@parallax.test"
OTHER = "other@parallax.test"
PASSWORD = "nine quiet otters 41 swim"
# In which somebody has an answer who is not attacking.
PATIENCE = 15
MIB = 1024 * 1024


class Host:
    """A fresh host with two accounts, each with a workspace of its own. A context manager."""

    def __init__(self, binary, files=None, **environment):
        self.binary, self.files = binary, files
        self.home = tempfile.mkdtemp(prefix="parallax-faults.")
        self.environment = {
            "PATH": os.environ["PATH"],
            "PARALLAX_DATA_DIR": os.path.join(self.home, "data"),
            "PARALLAX_LISTEN": "127.0.0.1:0",
            # The other bounds are to hold by themselves.
            "PARALLAX_RATE_LIMIT": "1000000",
            **environment,
        }
        self.process = None
        self.log = open(os.path.join(self.home, "log"), "w+", encoding="utf-8")

    def __enter__(self):
        self._command("user", "add", ADMIN, "--admin", "--password-stdin", typed=PASSWORD)
        self._command("user", "add", OTHER, "--password-stdin", typed=PASSWORD)
        self.token = self._command("token", ADMIN)
        self.other_token = self._command("token", OTHER)
        self.process = subprocess.Popen(
            [self.binary, "serve"],
            env=self.environment,
            cwd=self.home,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            preexec_fn=self._limit_files,
        )
        line = self.process.stdout.readline()
        if "listening on http://" not in line:
            raise RuntimeError(f"the host does not start: {line!r} {self.said()}")
        self.name, port = line.strip().rsplit("/", 1)[1].rsplit(":", 1)
        self.port = int(port)
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def _limit_files(self):
        if self.files:
            resource.setrlimit(resource.RLIMIT_NOFILE, (self.files, self.files))

    def _command(self, *words, typed=""):
        done = subprocess.run(
            [self.binary, *words],
            env=self.environment,
            cwd=self.home,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"parallax {' '.join(words)}: {done.stderr}")
        return done.stdout.strip()

    def said(self):
        """The end of its log."""
        self.log.flush()
        with open(self.log.name, encoding="utf-8") as log:
            return log.read()[-2000:]

    def address(self):
        """What sockets connect to."""
        return (self.name, self.port)

    def memory(self):
        """Bytes that the process holds."""
        with open(f"/proc/{self.process.pid}/statm", encoding="ascii") as counts:
            return int(counts.read().split()[1]) * resource.getpagesize()

    def settled_memory(self):
        """The same, after a while in which it may give back what it does not need."""
        time.sleep(3)
        return self.memory()

    def ask(self, method, path, body=None, token=None, timeout=PATIENCE):
        """One request; its status, and what came back as JSON or text. 0: none came in time."""
        connection = http.client.HTTPConnection(self.name, self.port, timeout=timeout)
        headers = {"content-type": "application/json"}
        if token:
            headers["authorization"] = f"Bearer {token}"
        try:
            text = None if body is None else json.dumps(body, separators=(",", ":"))
            connection.request(method, path, text, headers)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            return 0, None
        finally:
            connection.close()
        try:
            return answer.status, json.loads(content)
        except ValueError:
            return answer.status, content.decode("utf-8", "replace")

    def rest(self, method, path, body=None, token=None):
        """REST, as the admin where no token is given; must succeed."""
        status, said = self.ask(method, REST + path, body, token or self.token)
        if status not in (200, 201, 202):
            raise RuntimeError(f"{method} {path}: {status} {said}")
        return said

    def call(self, name, arguments, token=None, timeout=PATIENCE):
        """A call of the browser; status and reply."""
        return self.ask("POST", f"/api/fn/{name}", arguments, token, timeout)

    def is_healthy(self):
        """Whether a stranger gets an answer."""
        return self.ask("GET", HEALTH)[0] == 200

    def project(self, name, models, questions, token=None):
        """Makes a project; its id."""
        made = self.rest(
            "POST",
            "/projects",
            {
                "name": name,
                "brand_name": "Kipu",
                "brand_domain": "kipu.example",
                "industry": "accounting software",
                "enabled_llms": models,
                "competitors": ["Acme"],
                "language": "en",
                "country_code": "ES",
                "queries": [f"Which ledger is the best for bakery {n}?" for n in range(questions)],
            },
            token,
        )
        return made["project"]["id"]

    def start(self, project, token=None):
        """Starts a run; its id."""
        return self.rest("POST", f"/projects/{project}/analyze", {}, token)["run_id"]

    def run_ends(self, project, run, within):
        """Waits for the end of a run; seconds, or `None` where it did not end."""
        begun = time.monotonic()
        while time.monotonic() - begun < within:
            status, said = self.ask("GET", f"{REST}/projects/{project}/runs/{run}", None, self.token)
            if status == 200 and said["run"]["finished_at"]:
                return time.monotonic() - begun
            time.sleep(0.5)
        return None
