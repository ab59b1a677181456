import type { Plugin } from 'esbuild';

export function startInTwoChunks(start: string): Plugin;
