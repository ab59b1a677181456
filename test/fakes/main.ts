/**
 * Runs the stand-in from the command line and prints its address: `node test/fakes/main.ts [--port 8787] [--key test-key] [--faults SEED] [--delay 600]`,
 * `--faults` with faults by chance. Replies take a moment (milliseconds), so that people see the progress they would see with the real API.
 */
import { parseArgs } from 'node:util';
import { defaultAnswer } from './defaultAnswer.ts';
import { FaultScript } from './faultScript.ts';
import { startGeminiServer } from './geminiServer.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    key: { type: 'string', multiple: true, default: ['test-key'] },
    faults: { type: 'string' },
    delay: { type: 'string', default: '600' },
  },
});
const server = await startGeminiServer({
  port: Number(values.port),
  keys: values.key,
  today: () => new Date(),
  answer: (request) => ({ ...defaultAnswer(request), delayMs: Number(values.delay) }),
});
if (values.faults !== undefined) server.faults = new FaultScript(Number(values.faults));
console.log(server.url);
