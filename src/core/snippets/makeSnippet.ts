import { goSnippet } from './go.ts';
import { javascriptSnippet } from './javascript.ts';
import { pythonSnippet } from './python.ts';
import { shellSnippet } from './shell.ts';
import type { SnippetFacts, SnippetLanguage } from './snippet.ts';

const MAKERS: Readonly<Record<SnippetLanguage, (facts: SnippetFacts) => string>> = {
  python: pythonSnippet,
  javascript: javascriptSnippet,
  go: goSnippet,
  shell: shellSnippet,
};

/** The source text of a program that makes the request. It holds no key: that is read from the environment. */
export function makeSnippet(language: SnippetLanguage, facts: SnippetFacts): string {
  return MAKERS[language](facts);
}
