import { unfaithful } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { boxes, type FileBox, find, fourLetters, viewOf } from './heif.ts';
import type { HeifContent } from './heifItems.ts';

const BRAND = 8;

/** The four letters of the file's own kind. */
function majorBrand(bytes: Uint8Array): string {
  return fourLetters(viewOf(bytes), BRAND);
}

/** The file as one of a still picture only, under the names by which the pixel library knows that. */
export function asAvif(bytes: Uint8Array): Uint8Array {
  const view = viewOf(bytes);
  const top = boxes(view, 0, bytes.length);
  const [ftyp] = top;
  const moov = top.find(({ type }) => type === 'moov');
  if (ftyp === undefined || (majorBrand(bytes) === 'avif' && moov === undefined)) return bytes;
  const copy = bytes.slice();
  copy.set(AVIF, BRAND);
  for (let at = BRAND + 8; at + 4 <= ftyp.end; at += 4) if (['avis', 'msf1'].includes(fourLetters(view, at))) copy.set(AVIF, at);
  // A box that means nothing.
  if (moov !== undefined) copy.set([0x66, 0x72, 0x65, 0x65], typeAt(view, moov));
  return copy;
}

const AVIF = [0x61, 0x76, 0x69, 0x66];

/** Where the letters of a box are: before its payload, or before a long size. */
function typeAt(view: DataView, { type, start }: FileBox): number {
  return fourLetters(view, start - 4) === type ? start - 4 : start - 12;
}

/**
 * An animated AVIF is shown by its frames, but read here by its still picture: throws `unsupportedImage` unless that is the first frame.
 * Source: ISO/IEC 14496-12 (moov, trak, stbl).
 */
export function assertStartsWithStill({ bytes, primary }: HeifContent): void {
  if (majorBrand(bytes) !== 'avis') return;
  const view = viewOf(bytes);
  const [still] = primary.extents;
  const first = firstFrame(view, find(view, 0, bytes.length, 'moov'));
  const isStill = still !== undefined && primary.extents.length === 1 && still.method === 0 && still.length === first.length;
  const same = isStill && (still.offset === first.offset || isEqual(bytes, still.offset, first));
  if (!same) throw unfaithful('AVIF', t('it is an animation whose still picture is another one'));
}

function isEqual(bytes: Uint8Array, at: number, { offset, length }: { offset: number; length: number }): boolean {
  return Buffer.compare(bytes.subarray(at, at + length), bytes.subarray(offset, offset + length)) === 0;
}

function firstFrame(view: DataView, moov: FileBox): { offset: number; length: number } {
  const within = ({ start, end }: FileBox, ...path: string[]) =>
    path.reduce((box, name) => find(view, box.start, box.end, name), { type: '', start, end });
  const tracks = boxes(view, moov.start, moov.end).filter(({ type }) => type === 'trak');
  const track = tracks.find((trak) => fourLetters(view, within(trak, 'mdia', 'hdlr').start + 8) === 'pict');
  if (track === undefined) throw new Error('no pictures in the animation');
  const table = within(track, 'mdia', 'minf', 'stbl');
  const places = boxes(view, table.start, table.end).find(({ type }) => type === 'stco' || type === 'co64');
  if (places === undefined) throw new Error('no place of the first picture');
  const sizes = find(view, table.start, table.end, 'stsz').start;
  const fixed = view.getUint32(sizes + 4);
  return {
    offset: places.type === 'co64' ? Number(view.getBigUint64(places.start + 8)) : view.getUint32(places.start + 8),
    length: fixed === 0 ? view.getUint32(sizes + 12) : fixed,
  };
}
