import type { FromSetMessage, ToSetMessage } from '../../setProtocol.ts';
import type { RowFilter, RowSort } from './rowFilter.ts';

/** What the page keeps over a reload: which set it shows, and what of it. */
export interface KeptSet {
  id?: string;
  filter?: RowFilter;
  sort?: RowSort;
}

/** The way to the host. */
export interface SetHost {
  post(message: FromSetMessage): void;
  listen(listener: (message: ToSetMessage) => void): void;
  keep(kept: KeptSet): void;
  readonly kept: KeptSet | undefined;
}

/** The host as VS Code provides it; to be called once. */
export function vsCodeSetHost(): SetHost {
  const api = acquireVsCodeApi<KeptSet>();
  return {
    post: (message) => api.postMessage(message),
    listen: (listener) => addEventListener('message', ({ data }: MessageEvent<ToSetMessage>) => listener(data)),
    keep: (kept) => api.setState(kept),
    kept: api.getState(),
  };
}
