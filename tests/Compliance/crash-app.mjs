// A consumer in a process of its own, to be killed: it writes each message down before it acknowledges it.
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [, , port, file] = process.argv;

createServer((request, response) => {
  if (request.url === '/dapr/subscribe') {
    response.setHeader('content-type', 'application/json').end('[{"pubsubname":"ps","topic":"t","route":"/t"}]');
  } else if (request.url === '/t') {
    const chunks = [];
    request.on('data', chunk => chunks.push(chunk)).on('end', () => {
      const { key, number } = JSON.parse(Buffer.concat(chunks)).data;
      appendFileSync(file, `${key} ${number}\n`);
      response.end();
    });
  } else {
    response.writeHead(404).end();
  }
}).listen(Number(port), '127.0.0.1');
