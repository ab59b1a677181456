import type { FromSetMessage, ToSetMessage } from '../../setProtocol.ts';

/** What the page keeps over a reload: which set it shows. */
export interface KeptSet {
  id?: string;
}

/** The way to the host. */
export interface SetHost {
  post(message: FromSetMessage): void;
  listen(listener: (message: ToSetMessage) => void): void;
  keep(kept: KeptSet): void;
}

/** The host as VS Code provides it; to be called once. */
export function vsCodeSetHost(): SetHost {
  const api = acquireVsCodeApi<KeptSet>();
  return {
    post: (message) => api.postMessage(message),
    listen: (listener) => addEventListener('message', ({ data }: MessageEvent<ToSetMessage>) => listener(data)),
    keep: (kept) => api.setState(kept),
  };
}
