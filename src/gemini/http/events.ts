import { recordOf } from '../../core/base/shape.ts';
import { HttpError } from './httpError.ts';

/**
 * Puts a stream of server-sent events in order before the SDK reads it: one chunk is one whole event, however the network cut it,
 * in time linear to its length. An error within the stream, which may come as bare JSON without `data:`, breaks the stream with a HttpError;
 * the SDK would miss one that is cut in two, has no number or follows another event. What remains unfinished at the end is passed on as
 * it is, unless it is whole but for its empty line.
 */
export function orderEvents(): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  const splitter = new EventSplitter();
  const pass = (event: string, controller: TransformStreamDefaultController<Uint8Array>): void => {
    const data = withEndMessage(dataOf(event));
    if (data !== '') controller.enqueue(encoder.encode(`data: ${data}\n\n`));
  };
  return new TransformStream({
    transform(bytes, controller) {
      for (const event of splitter.add(decoder.decode(bytes, { stream: true }))) pass(event, controller);
    },
    flush(controller) {
      const rest = splitter.rest();
      // A comment, such as a sign of life, needs no end.
      if (rest.replace(/^:.*$/gm, '').trim() === '') return;
      if (isJson(dataOf(rest))) pass(rest, controller);
      else controller.enqueue(encoder.encode(rest));
    },
  });
}

/** Cuts text that comes in pieces at empty lines. */
class EventSplitter {
  /** Of the event that is not whole yet. */
  #pieces: string[] = [];
  #carriageReturn = '';

  add(piece: string): string[] {
    const text = this.#carriageReturn + piece;
    this.#carriageReturn = text.endsWith('\r') ? '\r' : '';
    let lines = text.slice(0, text.length - this.#carriageReturn.length).replace(/\r\n?/g, '\n');
    // The empty line may have been cut in two.
    const last = this.#pieces.at(-1);
    if (last?.endsWith('\n')) {
      this.#pieces[this.#pieces.length - 1] = last.slice(0, -1);
      lines = `\n${lines}`;
    }
    const events: string[] = [];
    const [first = '', ...others] = lines.split('\n\n');
    this.#pieces.push(first);
    for (const next of others) {
      events.push(this.#pieces.join(''));
      this.#pieces = [next];
    }
    return events;
  }

  rest(): string {
    return this.#pieces.join('');
  }
}

/** The data of an event, empty for comments and the like. Throws a HttpError if it is an error. */
function dataOf(event: string): string {
  const lines = event.split('\n');
  const data = lines.filter((line) => line.startsWith('data:')).map((line) => line.slice('data:'.length).trim());
  const json = (data.length > 0 ? data.join('\n') : event).trim();
  if (/^(?:\[\s*(?:\{\s*)?|\{\s*)"error"/.test(json) && isJson(json)) throw new HttpError({ status: 200, body: json });
  return data.length > 0 ? json : '';
}

/**
 * Puts `finishMessage` of the answer where the SDK lets it through: of a candidate of the Gemini API it drops all fields that it does not know, of
 * `promptFeedback` none.
 */
function withEndMessage(json: string): string {
  if (!json.includes('"finishMessage"') || !isJson(json)) return json;
  const event = recordOf(JSON.parse(json));
  const [candidate] = Array.isArray(event.candidates) ? event.candidates.map(recordOf) : [];
  const message = candidate?.finishMessage;
  if (typeof message !== 'string') return json;
  return JSON.stringify({ ...event, promptFeedback: { ...recordOf(event.promptFeedback), finishMessage: message } });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
