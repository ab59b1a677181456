/** Kinds of documents that use images. */
export type DocumentKind = 'markdown' | 'mdx' | 'html' | 'jsx' | 'tsx' | 'vue';

const BY_LANGUAGE: Readonly<Record<string, DocumentKind>> = {
  markdown: 'markdown',
  mdx: 'mdx',
  html: 'html',
  javascriptreact: 'jsx',
  typescriptreact: 'tsx',
  vue: 'vue',
};

const BY_ENDING: Readonly<Record<string, DocumentKind>> = {
  md: 'markdown',
  markdown: 'markdown',
  mdx: 'mdx',
  html: 'html',
  htm: 'html',
  jsx: 'jsx',
  tsx: 'tsx',
  vue: 'vue',
};

/** Endings of the names of such documents, without a dot. */
export const DOCUMENT_ENDINGS: readonly string[] = Object.keys(BY_ENDING);
/** VS Code's names of their languages. */
export const DOCUMENT_LANGUAGES: readonly string[] = Object.keys(BY_LANGUAGE);

/** What a document is by the name of its file, else by its language: without other extensions, VS Code takes Vue and MDX for plain text. */
export function documentKind(path: string, language = ''): DocumentKind | undefined {
  const ending = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  const byEnding = Object.hasOwn(BY_ENDING, ending) ? BY_ENDING[ending] : undefined;
  return byEnding ?? (Object.hasOwn(BY_LANGUAGE, language) ? BY_LANGUAGE[language] : undefined);
}
