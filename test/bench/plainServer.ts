/** A server that takes a request to its end and answers at once: it adds as little of its own as can be. Prints its port; ends with its input. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const REPLY = {
  candidates: [{ content: { role: 'model', parts: [{ text: 'A picture of shapes.' }] }, finishReason: 'STOP', index: 0 }],
  usageMetadata: {
    promptTokenCount: 1100,
    candidatesTokenCount: 5,
    totalTokenCount: 1105,
    promptTokensDetails: [{ modality: 'IMAGE', tokenCount: 1089 }],
  },
  modelVersion: 'gemini-3.8-flash',
};
let file = 0;

const server = createServer((request, response) => {
  const { headers, url = '' } = request;
  request
    .on('data', () => undefined)
    .on('end', () => {
      const address = `http://${headers.host}`;
      const command = headers['x-goog-upload-command'];
      if (command === 'start') {
        response
          .writeHead(200, {
            'x-goog-upload-status': 'active',
            'x-goog-upload-url': `${address}/upload/v1beta/files?upload_id=1`,
            'x-goog-upload-chunk-granularity': String(8 * 1024 * 1024),
          })
          .end();
      } else if (command !== undefined) {
        const isLast = String(command).includes('finalize');
        const end = Number(headers['x-goog-upload-offset']) + Number(headers['content-length'] ?? 0);
        file += 1;
        const uploaded = {
          name: `files/f${file}`,
          uri: `https://files.example/v1beta/files/f${file}`,
          mimeType: 'image/jpeg',
          sizeBytes: String(end),
          state: 'ACTIVE',
          expirationTime: new Date(Date.now() + 172_800_000).toISOString(),
        };
        response
          .writeHead(200, { 'x-goog-upload-status': isLast ? 'final' : 'active', 'content-type': 'application/json' })
          .end(isLast ? JSON.stringify({ file: uploaded }) : '');
      } else if (url.includes('alt=sse')) {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${JSON.stringify(REPLY)}\r\n\r\n`);
      } else {
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(REPLY));
      }
    });
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
process.stdin.resume().on('end', () => process.exit(0));
