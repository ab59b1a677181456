import type { FromSetMessage, ToSetMessage } from '../../setProtocol.ts';
import type { Host } from '../state/host.ts';
import type { RowFilter, RowSort } from './rowFilter.ts';

/** What the page keeps over a reload: which set it shows, and what of it. */
export interface KeptSet {
  id?: string;
  filter?: RowFilter;
  sort?: RowSort;
}

export type SetHost = Host<KeptSet, FromSetMessage, ToSetMessage>;
