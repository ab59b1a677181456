import type * as vscode from 'vscode';
import type { TokenBasis } from '../../core/usage/estimate.ts';
import { learned } from '../../engine/usage/learned.ts';
import { readPrices, usesVertex } from './settings.ts';

/** What estimates go by now: the user's settings, and what the user's own calls have taught. */
export function tokenBasis(memory: Pick<vscode.Memento, 'get'>): TokenBasis {
  return { ...learned(memory), prices: readPrices().prices, date: new Date(), backend: usesVertex() ? 'vertexAi' : 'geminiApi' };
}
