import { relative, sep } from 'node:path';
import type { CheckedDocuments, Lacking } from './altDocuments.ts';
import type { CheckCommand } from './cliArguments.ts';

/** What is missing, in the format of a command. */
export function altReport(checked: CheckedDocuments, format: CheckCommand['format']): string {
  return format === 'sarif' ? `${JSON.stringify(sarif(checked), undefined, 2)}\n` : lines(checked.lacking);
}

/** Such as "3 images without alt text in 2 of 40 documents." */
export function altSummary({ documents, lacking }: CheckedDocuments): string {
  const images = lacking.reduce((sum, { missing }) => sum + missing.length, 0);
  const all = documents === 1 ? '1 document' : `${documents} documents`;
  if (images === 0) return `No image without alt text in ${all}.`;
  return `${images} ${images === 1 ? 'image' : 'images'} without alt text in ${lacking.length} of ${all}.`;
}

/** The path of a document, from the folder that is worked in. */
export function shownPath(path: string): string {
  return relative('.', path);
}

function lines(lacking: readonly Lacking[]): string {
  return lacking
    .flatMap(({ path, text, missing }) =>
      missing.map((use) => {
        const { line, column } = placeAt(text, use.span.start);
        return `${shownPath(path)}:${line}:${column}: no alt text: ${use.source ?? 'an image given by code'}\n`;
      }),
    )
    .join('');
}

/** Counted from 1, in UTF-16 units. */
function placeAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** Source: SARIF 2.1.0. What could not be read whole is a notification of the run. */
function sarif({ lacking, unread }: CheckedDocuments): object {
  const results = lacking.flatMap(({ path, text, missing }) =>
    missing.map((use) => {
      const start = placeAt(text, use.span.start);
      const end = placeAt(text, use.span.end);
      const region = { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
      return {
        ruleId: 'alt-missing',
        ruleIndex: 0,
        level: 'warning',
        message: { text: `The image ${use.source ?? 'that code gives'} has no alt text.` },
        locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(path) }, region } }],
      };
    }),
  );
  const rules = [{ id: 'alt-missing', shortDescription: { text: 'An image has no alternative text.' } }];
  const notifications = unread.map(({ path, why }) => ({
    level: 'warning',
    message: { text: why },
    locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(path) } } }],
  }));
  const run = {
    tool: { driver: { name: 'Image Inspector for Gemini', rules } },
    columnKind: 'utf16CodeUnits',
    invocations: [{ executionSuccessful: true, toolExecutionNotifications: notifications }],
    results,
  };
  return { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] };
}

function uriOf(path: string): string {
  return shownPath(path).split(sep).map(encodeURIComponent).join('/');
}
