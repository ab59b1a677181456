import type { Plugin } from 'esbuild';

export function startInOneChunk(start: string): Plugin;
