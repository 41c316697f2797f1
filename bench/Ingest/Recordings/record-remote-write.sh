#!/bin/sh
# Records what Debian's Prometheus writes of a node-exporter on this machine: twelve seconds at one scrape a second, about ten labels a series.
# Makes remote-write-node.bin beside this script: for each request four bytes of length, little-endian, then the body as it was sent (Snappy).
# Needs prometheus and prometheus-node-exporter in PATH, and python3.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
pids=
finish() {
    # The newest first: Prometheus ends at once only while somebody takes what it still has.
    for pid in $pids; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    rm -rf "$work"
}
trap finish EXIT

cat > "$work/receiver.py" <<'PYTHON'
import http.server, struct, sys

out = open(sys.argv[1], 'wb')

class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def do_POST(self):
        body = self.rfile.read(int(self.headers['Content-Length']))
        out.write(struct.pack('<i', len(body)) + body)
        out.flush()
        self.send_response(204)
        self.send_header('Content-Length', '0')
        self.end_headers()

    def log_message(self, *_):
        pass

http.server.HTTPServer(('127.0.0.1', 19555), Receiver).serve_forever()
PYTHON

cat > "$work/prometheus.yml" <<'YAML'
global:
  scrape_interval: 1s
  external_labels: {cluster: eu-1, region: west, replica: a}
scrape_configs:
  - job_name: node
    static_configs:
      - targets: ['127.0.0.1:19100']
        labels: {env: production, team: storage, rack: r12, datacenter: dc1}
remote_write:
  - url: http://127.0.0.1:19555/api/v1/write
YAML

python3 "$work/receiver.py" "$work/recording" &
pids="$! $pids"
prometheus-node-exporter --web.listen-address=127.0.0.1:19100 2>/dev/null &
pids="$! $pids"
prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/data" --web.listen-address=127.0.0.1:19090 2>/dev/null &
pids="$! $pids"
sleep 14
mv "$work/recording" "$here/remote-write-node.bin"
ls -l "$here/remote-write-node.bin"
