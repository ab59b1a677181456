import type { DocumentKind } from './documentKind.ts';
import { type DocumentImages, type DocumentReading, shifted } from './imageUse.ts';

/** In characters. What is larger was written by a program. */
const LARGEST: Readonly<Record<DocumentKind, number>> = {
  markdown: 2_000_000,
  mdx: 2_000_000,
  html: 2_000_000,
  jsx: 1_000_000,
  tsx: 1_000_000,
  vue: 1_000_000,
};

/** Without one of these no image is used: most documents need not be parsed. */
const SIGNS: Readonly<Record<DocumentKind, readonly string[]>> = {
  markdown: ['![', '<img'],
  mdx: ['![', '<img', '<image', 'img'],
  html: ['<img'],
  jsx: ['<img', '<image', 'img', 'staticimage'],
  tsx: ['<img', '<image', 'img', 'staticimage'],
  vue: ['img', 'image', 'nuxt'],
};

/**
 * The images that a document uses. What is broken is read as far as its parser gets: rejects only when it is aborted. The parsers are loaded when they are
 * first needed. Of a document that is too large there are none, and it counts as one part that is too long.
 */
export async function findImages(text: string, kind: DocumentKind, reading: DocumentReading = {}): Promise<DocumentImages> {
  const none = { images: [], words: [] };
  if (text.length > LARGEST[kind]) return { ...none, tooLong: 1 };
  const lower = text.toLowerCase();
  if (!SIGNS[kind].some((sign) => lower.includes(sign))) return none;
  // Some parsers count a byte order mark, some do not.
  if (text.startsWith('\ufeff')) {
    const at = reading.at === undefined ? {} : { at: Math.max(0, reading.at - 1) };
    return shifted(await parsed(text.slice(1), kind, { ...reading, ...at }), 1);
  }
  return parsed(text, kind, reading);
}

async function parsed(text: string, kind: DocumentKind, reading: DocumentReading): Promise<DocumentImages> {
  switch (kind) {
    case 'markdown':
      return (await import('./markdownImages.ts')).markdownImages(text, reading);
    case 'mdx':
      return (await import('./mdxImages.ts')).mdxImages(text, reading);
    case 'html':
      return (await import('./htmlImages.ts')).htmlImages(text);
    case 'vue':
      return (await import('./vueImages.ts')).vueImages(text);
    default:
      return (await import('./jsxImages.ts')).jsxImages(text, kind);
  }
}
