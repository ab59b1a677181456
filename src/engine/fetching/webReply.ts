/** What a web server answers to one GET. */
export interface WebReply {
  status: number;
  /** Undefined where the server sent no such header. */
  header: (name: string) => string | undefined;
  /** The body with its content encoding undone. Read once, or not at all. */
  body: AsyncIterable<Uint8Array>;
  /** Gives up the connection without reading the body. */
  close: () => void;
}

/** One GET without cookies, referrer or user; follows no redirect. Rejects with what went wrong on the way, at once when the signal aborts. */
export type WebGet = (address: URL, signal: AbortSignal) => Promise<WebReply>;

export const REQUEST_HEADERS: Readonly<Record<string, string>> = { accept: 'image/*', 'user-agent': 'gemini-image-inspector' };
