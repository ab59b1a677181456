import type { FromWebviewMessage, ToWebviewMessage } from '../../protocol.ts';
import type { KeptState } from './pageState.ts';

/** The way to the host, and what the page keeps over a reload. */
export interface Host<Kept = KeptState, From = FromWebviewMessage, To = ToWebviewMessage> {
  post(message: From): void;
  listen(listener: (message: To) => void): void;
  keep(state: Kept): void;
  kept(): Kept | undefined;
}

/** The host as VS Code provides it; to be called once. */
export function vsCodeHost<Kept, From, To>(): Host<Kept, From, To> {
  const api = acquireVsCodeApi<Kept>();
  return {
    post: (message) => api.postMessage(message),
    listen: (listener) => addEventListener('message', ({ data }: MessageEvent<To>) => listener(data)),
    keep: (state) => api.setState(state),
    kept: () => api.getState(),
  };
}
