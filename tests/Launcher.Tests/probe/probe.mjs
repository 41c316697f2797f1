// A service for the launcher's tests: answers /healthz/ready, and dies or refuses on request.
import http from 'node:http';

if (process.env.PROBE_EXIT) {
  console.error(`cannot go on: ${process.env.PROBE_EXIT}`);
  process.exit(3);
}
const server = http.createServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  response.statusCode = request.url === '/healthz/ready' ? 200 : 404;
  response.end('{"status":"healthy","checks":{}}');
});
server.listen(Number(process.env.APP_PORT), '127.0.0.1', () => console.log('12:00:00.000 info: Probe[1] listening'));
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    console.log(`got ${signal}`);
    process.exit(0);
  });
}
