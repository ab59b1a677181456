import { fileURLToPath } from 'node:url';
import { formatNumber, formatUsd } from '../core/base/format.ts';
import { estimateImage } from '../core/request/estimateImage.ts';
import { costUsd } from '../core/usage/cost.ts';
import { probe } from '../imaging/formats/probe.ts';
import type { TaskCommand } from './cliArguments.ts';
import { ExitCode } from './exitCode.ts';
import type { Program } from './program.ts';
import { failureLine, type Terminal } from './terminal.ts';

/** What would be sent. */
export interface Sum {
  images: number;
  tokens: number;
  /** Of the input; unset where the price is not known. */
  usd: number | undefined;
  /** Files that would not be sent, by why. */
  left: Readonly<Record<string, number>>;
  /** Words of documents go along. */
  hasWords?: boolean;
}

/** The sum is said, and asked about where somebody is there. */
export async function isConfirmed(
  yes: boolean,
  { images, tokens, usd, left, hasWords = false }: Sum,
  to: string,
  terminal: Terminal,
): Promise<boolean> {
  if (yes) return true;
  const cost = usd === undefined ? 'at a price that is not known' : `≈ ${formatUsd(usd)} + output`;
  const others = Object.entries(left).flatMap(([why, count]) =>
    count === 0 ? [] : `${formatNumber(count)} ${count === 1 ? why.replace(/s$/, '') : why}`,
  );
  const without = others.length === 0 ? '' : ` (besides ${others.join(', ')})`;
  const words = hasWords ? ', with up to 1,000 characters of the words around each' : '';
  const sum = `${formatNumber(images)} ${images === 1 ? 'image' : 'images'}${without}${words}, about ${formatNumber(tokens)} tokens, ${cost}, to ${to}`;
  if (terminal.isInteractive) return terminal.confirm(`Send ${sum}?`);
  terminal.say(`Not sent: ${sum}. Confirm with --yes.`);
  return false;
}

/** What images take, each by its header; undefined for what cannot be read. */
async function estimated(addresses: readonly string[], program: Program) {
  const { model, mediaResolution, maxDimension } = program.rules.settingsFor();
  const basis = program.rules.tokenBasis();
  const unreadable: string[] = [];
  const each: (number | undefined)[] = [];
  for (const address of addresses) {
    try {
      const header = await probe(await program.files.open(address));
      each.push(estimateImage(header, { model, mediaResolution, maxDimension }, basis).estimate.tokens);
    } catch (error) {
      each.push(undefined);
      unreadable.push(`${fileURLToPath(address)}: ${failureLine(error)}`);
    }
  }
  return { tokens: each.reduce<number>((sum, tokens = 0) => sum + tokens, 0), each, unreadable };
}

/** The sum of one request with all these images. */
export async function sumOf(addresses: readonly string[], speed: TaskCommand['speed'], program: Program): Promise<Sum> {
  const { tokens, unreadable } = await estimated(addresses, program);
  const { date, prices } = program.rules.tokenBasis();
  const usd = costUsd(program.rules.settingsFor().model, date, { prompt: tokens, output: 0, speed }, prices);
  return { images: addresses.length, tokens, usd, left: { 'that cannot be read': unreadable.length } };
}

/** Says what images would cost; sends nothing. */
export async function sayTokens(addresses: readonly string[], program: Program, terminal: Terminal): Promise<number> {
  const { tokens, each, unreadable } = await estimated(addresses, program);
  const { model } = program.rules.settingsFor();
  const { date, prices } = program.rules.tokenBasis();
  const images = addresses.flatMap((address, index) =>
    each[index] === undefined ? [] : [{ path: fileURLToPath(address), tokens: each[index] }],
  );
  const usd = costUsd(model, date, { prompt: tokens, output: 0 }, prices) ?? null;
  terminal.result(`${JSON.stringify({ images, tokens, costUsd: usd, model }, undefined, 2)}\n`);
  for (const line of unreadable) terminal.say(line);
  return unreadable.length === 0 ? ExitCode.done : ExitCode.failed;
}
