import type { FromWebviewMessage, ToWebviewMessage } from '../../protocol.ts';
import type { KeptState } from './pageState.ts';

/** The way to the host, and what the page keeps over a reload. */
export interface Host {
  post(message: FromWebviewMessage): void;
  listen(listener: (message: ToWebviewMessage) => void): void;
  keep(state: KeptState): void;
  kept(): KeptState | undefined;
}

/** The host as VS Code provides it; to be called once. */
export function vsCodeHost(): Host {
  const api = acquireVsCodeApi<KeptState>();
  return {
    post: (message) => api.postMessage(message),
    listen: (listener) => addEventListener('message', ({ data }: MessageEvent<ToWebviewMessage>) => listener(data)),
    keep: (state) => api.setState(state),
    kept: () => api.getState(),
  };
}
