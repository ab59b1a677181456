import { EventEmitter, type Uri } from './vscode.ts';

/** A panel of VS Code with a page in it, as far as a test has a hand in it. */
export interface FakeWebviewPanel<From, To> {
  panel: { readonly webview: object };
  /** What the page says. */
  messages: EventEmitter<From>;
  /** Closes the panel. */
  ended: EventEmitter<void>;
  /** What the page was told. */
  posted: To[];
}

export function fakeWebviewPanel<From, To>(): FakeWebviewPanel<From, To> {
  const [messages, ended, posted] = [new EventEmitter<From>(), new EventEmitter<void>(), [] as To[]];
  let isClosed = false;
  ended.event(() => {
    isClosed = true;
  });
  const webview = {
    onDidReceiveMessage: messages.event,
    asWebviewUri: (uri: Uri) => uri,
    postMessage: async (message: To) => void posted.push(message),
  };
  const panel = {
    onDidDispose: ended.event,
    get webview() {
      // As VS Code does.
      if (isClosed) throw new Error('Webview is disposed');
      return webview;
    },
  };
  return { panel, messages, ended, posted };
}
