"""A webhook's receiver: believes only what the hub has signed, and takes each change once.

pip install standardwebhooks
SECRET=whsec_… python webhook.py 8000
"""

import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

webhook = Webhook(os.environ["SECRET"])
versions = {}  # the newest version of each agent that was taken


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # the hub keeps its connections

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            change = webhook.verify(body, dict(self.headers))
        except WebhookVerificationError:
            return self.answer(401)
        data = change["data"]
        if data["version"] > versions.get(data["agentId"], 0):  # else it came before
            versions[data["agentId"]] = data["version"]
            print(data["agentId"], data.get("presenceId", change["type"]), flush=True)
        self.answer(204)  # only now: until then the hub sends it again

    def answer(self, status):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


receiver = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver)
print("listening on port", receiver.server_port, flush=True)
receiver.serve_forever()
