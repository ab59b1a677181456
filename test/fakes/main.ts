/**
 * Runs the stand-in from the command line and prints its address: `node test/fakes/main.ts [--port 8787] [--key test-key]`.
 * Replies take a moment, so that people see the progress they would see with the real API.
 */
import { parseArgs } from 'node:util';
import { defaultAnswer } from './defaultAnswer.ts';
import { startGeminiServer } from './geminiServer.ts';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '0' }, key: { type: 'string', multiple: true, default: ['test-key'] } },
});
const server = await startGeminiServer({
  port: Number(values.port),
  keys: values.key,
  today: () => new Date(),
  answer: (request) => ({ ...defaultAnswer(request), delayMs: 600 }),
});
console.log(server.url);
