import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { answerBatchCall, errorLine, lineRequest } from './batchCalls.ts';
import { BatchStore, type StoredBatch, type WorkedLine } from './batchStore.ts';
import { Bills } from './bills.ts';
import { answerDecision } from './decisions.ts';
import { defaultAnswer } from './defaultAnswer.ts';
import type { FaultScript } from './faultScript.ts';
import { answerDownload, answerFileCall } from './fileCalls.ts';
import { FileStore } from './fileStore.ts';
import { Limits } from './limits.ts';
import { getModel, listModels } from './modelList.ts';
import { answeringModel, DEFAULT_MODELS, type FakeModel } from './models.ts';
import { type ReceivedRequest, readRequest } from './receivedRequest.ts';
import { countedTokens, replyEvents, wholeReply } from './reply.ts';
import { hasKeyInUrl, refuse } from './requestCheck.ts';
import { type SchemaName, schemaProblem } from './schemaCheck.ts';
import type { DropAnswer, RawAnswer, ReplyAnswer, ScriptedAnswer, StatusAnswer } from './script.ts';
import { answerSegmentation } from './segmentation.ts';
import { type Exchange, holdBack, sendPieces, sendStatus, sendWhole } from './send.ts';
import { continueUpload, startUpload, type UploadFault } from './uploads.ts';
import { Waiters } from './waiters.ts';
import type { BatchRequestLine } from './wire.ts';

export interface GeminiServerOptions {
  /** Default: any free one. */
  port?: number;
  /** Keys that are taken. Default: `test-key`. */
  keys?: readonly string[];
  /** Whole request, base64 and prompt included. Default: 20,000,000. */
  inlineLimitBytes?: number;
  models?: readonly FakeModel[];
  /** The day, by which other models answer in the place of some. Default: one on which each answers for itself. */
  today?: () => Date;
  /** Answers what no script does; undefined: the default answer. */
  answer?: (request: ReceivedRequest) => ScriptedAnswer | undefined;
}

type Matches = (request: ReceivedRequest) => boolean;

/** A stand-in for the Gemini API on this machine. It refuses what the real one refuses, scripted or not. */
export interface GeminiServer {
  /** Without a slash at its end. */
  readonly url: string;
  /** Every request, in the order of arrival. */
  readonly requests: readonly ReceivedRequest[];
  /** What should never happen: a key in a URL, a script that is not what the API sends. */
  readonly violations: readonly string[];
  /** What was uploaded. */
  readonly files: FileStore;
  /** Batches, and how they go. */
  readonly batches: BatchStore;
  /** Every answer of a model that was sent, and every line of a batch that was answered. */
  readonly bills: Bills;
  /** What the flex tier does, and how many requests are taken in a time. */
  readonly limits: Limits;
  /** From now on faults happen by this script, where no test has told an answer; undefined: none. */
  faults: FaultScript | undefined;
  /** Scripts what goes wrong with uploads, in this order. */
  breakUploads(...faults: UploadFault[]): void;
  /** Scripts the answers to the next requests that generate content and are not refused. */
  respondWith(...answers: ScriptedAnswer[]): void;
  /** Scripts the answer to all requests that match, of any kind, before those of `respondWith`. The latest rule wins. */
  respondWhen(matches: Matches, answer: ScriptedAnswer): void;
  /** What the server finds on the web, by https address: it cannot really fetch. */
  readonly web: Map<string, Buffer>;
  /** The first request that matches, come or yet to come. It may not have been answered. */
  waitForRequest(matches?: Matches): Promise<ReceivedRequest>;
  /** The first request that matches and whose client went away before the answer was complete. */
  waitForAbort(matches?: Matches): Promise<ReceivedRequest>;
  /** Forgets requests, violations, scripts, files, batches, bills and limits. */
  reset(): void;
  close(): Promise<void>;
}

/** Starts a stand-in on the loopback interface. */
export async function startGeminiServer(options: GeminiServerOptions = {}): Promise<GeminiServer> {
  const { keys = ['test-key'], inlineLimitBytes = 20e6, models = DEFAULT_MODELS, answer, today = () => undefined } = options;
  const requests: ReceivedRequest[] = [];
  const violations: string[] = [];
  const queue: ScriptedAnswer[] = [];
  const rules: { matches: Matches; answer: ScriptedAnswer }[] = [];
  const files = new FileStore();
  const faults: UploadFault[] = [];
  const stored = (uri: string, key: string) => files.get(/^https:.*\/v1beta\/(files\/[^/]+)$/.exec(uri)?.[1] ?? '', key);
  const bills = new Bills();
  const limits = new Limits();
  let faultScript: FaultScript | undefined;
  const batches = new BatchStore(files, workedLine);
  const waiters = new Waiters(() => requests);
  const web = new Map<string, Buffer>();
  const onWeb = (address: string) => (address.startsWith('https:') ? web.get(address) : undefined);
  const answering = (id: string | undefined) => answeringModel(models, id, today());
  const rulesOfApi = { keys, inlineLimitBytes, answering, stored, onWeb };
  let sequence = 0;

  async function receive(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const head = { method: message.method ?? '', url: message.url ?? '', headers: message.headers };
    // The pieces of an upload are taken as they come, with whatever goes wrong on the way.
    const body = isPiece(head) ? Buffer.alloc(0) : await buffer(message);
    sequence += 1;
    const request = readRequest(sequence, head, body, stored, onWeb);
    requests.push(request);
    waiters.check();
    if (hasKeyInUrl(request)) violations.push(`A key in the URL of ${request.method} ${request.path}`);
    let isBrokenByScript = false;
    response.on('close', () => {
      if (response.writableFinished || isBrokenByScript) return;
      request.aborted = true;
      waiters.check();
    });
    const breakOff: Exchange['breakOff'] = (how) => {
      isBrokenByScript = true;
      if (how === 'reset') response.socket?.resetAndDestroy();
      else response.destroy();
    };
    const exchange = { response, gone: gone.signal, breakOff };
    if (request.endpoint !== 'continueUpload') return respond(request, exchange);
    const refusal = refuse(request, rulesOfApi) ?? ruleFor(request);
    if (refusal) {
      message.resume();
      return respond(request, exchange);
    }
    const answer = await continueUpload(message, request, files, faults, exchange);
    if (answer) sendStatus(exchange, answer);
  }

  async function respond(request: ReceivedRequest, exchange: Exchange): Promise<void> {
    const scripted = refuse(request, rulesOfApi) ?? script(request) ?? lookUp(request);
    if (!(await holdBack(scripted, exchange))) return;
    if ('status' in scripted) return sendStatus(exchange, scripted);
    if ('raw' in scripted) {
      const contentType = scripted.contentType ?? (isEventStream(request) ? 'text/event-stream' : 'application/json; charset=UTF-8');
      return sendPieces(exchange, contentType, [scripted.raw].flat(), scripted);
    }
    if ('drop' in scripted) return exchange.breakOff('reset');
    return sendReply(request, exchange, scripted);
  }

  function ruleFor(request: ReceivedRequest): ScriptedAnswer | undefined {
    return rules.findLast(({ matches }) => matches(request))?.answer ?? faultScript?.answerTo(request);
  }

  /** The answer by the script; undefined where a look-up needs none. */
  function script(request: ReceivedRequest): ScriptedAnswer | undefined {
    const ruled = ruleFor(request) ?? limits.refuse(request, files.now());
    if (ruled) return ruled;
    if (request.endpoint !== 'generateContent' && request.endpoint !== 'streamGenerateContent') return undefined;
    return limits.delayed(queue.shift() ?? answer?.(request) ?? defaultAnswer(request), request);
  }

  function lookUp(request: ReceivedRequest): StatusAnswer | RawAnswer | DropAnswer {
    if (request.endpoint === 'countTokens') return { status: 200, body: { totalTokens: countedTokens(request, modelOf(request)) } };
    if (request.endpoint === 'decisions') return answerDecision(request);
    if (request.endpoint === 'predict') return answerSegmentation(request);
    if (request.endpoint === 'startUpload') return startUpload(request, files, `http://${request.headers.host}`);
    if (request.endpoint === 'downloadFile') return answerDownload(request, files);
    const batched = answerBatchCall(request, batches, files, answering);
    if (batched) return batched;
    const filed = answerFileCall(request, files);
    if (filed) return filed;
    const reply = request.endpoint === 'listModels' ? listModels(models, request.query) : getModel(models, request.model ?? '');
    return 'status' in reply ? reply : { status: 200, body: reply };
  }

  async function sendReply(request: ReceivedRequest, exchange: Exchange, reply: ReplyAnswer): Promise<void> {
    const model = modelOf(request);
    bills.add(request);
    const isStream = request.endpoint === 'streamGenerateContent';
    const events = isStream ? replyEvents(request, model, reply) : [wholeReply(request, model, reply)];
    if (!reply.odd) for (const event of events) assertReal('GenerateContentReply', event);
    if (isEventStream(request)) return sendPieces(exchange, 'text/event-stream', events.map(framed), reply);
    // A stream without alt=sse is one JSON array.
    return sendWhole(exchange, isStream ? events : (events[0] ?? {}), reply);
  }

  /** Answers a line of a batch as the request that it would be by itself, and bills it. */
  function workedLine(batch: StoredBatch, line: BatchRequestLine): WorkedLine {
    sequence += 1;
    const request = lineRequest(sequence, batch, line, stored, onWeb);
    const refusal = refuse(request, rulesOfApi);
    if (refusal) return errorLine(line.key, refusal);
    const scripted = answer?.(request) ?? defaultAnswer(request);
    if ('status' in scripted) return errorLine(line.key, scripted);
    if ('raw' in scripted || 'drop' in scripted) throw new Error('A line of a batch is answered by a reply or an error.');
    bills.add(request, { key: line.key, batch: batch.name });
    const response = wholeReply(request, modelOf(request), scripted);
    if (!scripted.odd) assertReal('GenerateContentReply', response);
    return { text: JSON.stringify({ key: line.key, response }), isError: false };
  }

  function modelOf(request: ReceivedRequest): FakeModel {
    const model = answering(request.model);
    if (!model) throw new Error(`A reply was scripted for ${request.endpoint}, which names no model.`);
    return model;
  }

  const server = createServer((message, response) => {
    receive(message, response).catch((error: unknown) => {
      // The client broke off while it sent its request.
      if (message.destroyed && !message.complete) return;
      violations.push(String(error));
      response.writeHead(500, { 'content-type': 'text/plain; charset=UTF-8' }).end(String(error));
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    violations,
    files,
    batches,
    bills,
    limits,
    get faults() {
      return faultScript;
    },
    set faults(script) {
      faultScript = script;
      batches.usual = (batch) => script?.courseOf(batch, files) ?? {};
    },
    web,
    breakUploads: (...scripted) => void faults.push(...scripted),
    respondWith: (...answers) => void queue.push(...answers),
    respondWhen: (matches, scripted) => void rules.push({ matches, answer: scripted }),
    waitForRequest: (matches = () => true) => waiters.wait(matches),
    waitForAbort: (matches = () => true) => waiters.wait((request) => request.aborted && matches(request)),
    reset: () => {
      for (const list of [requests, violations, queue, rules, faults]) list.length = 0;
      bills.all.length = 0;
      faultScript = undefined;
      files.clear();
      batches.clear();
      limits.reset();
    },
    close: async () => {
      waiters.end('The stand-in was closed.');
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      // The last connections report their end a moment after the server does.
      await nextTurn();
    },
  };
}

function isPiece({ method, url }: { method: string; url: string }): boolean {
  return method === 'POST' && /^\/upload\/.*[?&]upload_id=/.test(url);
}

function isEventStream({ endpoint, query }: ReceivedRequest): boolean {
  return endpoint === 'streamGenerateContent' && query.get('alt') === 'sse';
}

/** The API ends the lines of its events with CRLF. */
function framed(event: object): string {
  return `data: ${JSON.stringify(event)}\r\n\r\n`;
}

function assertReal(schema: SchemaName, body: object): void {
  const problem = schemaProblem(schema, body);
  if (problem) throw new Error(`The scripted answer is not what the API sends (\`odd: true\` if that is meant): ${problem}`);
}
