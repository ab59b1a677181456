import * as vscode from 'vscode';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import { type AltCheck, type AltRule, altProblems, problemPlace } from '../../core/documents/altProblems.ts';
import { imagesIn, leftOut, rangeOf } from './imagesIn.ts';

/** From the last change of a document to its check, in milliseconds. */
const PAUSE = 400;

/** Problems in the editor: what is wrong with the alternative texts of open documents, by the setting. */
export class AltProblems implements vscode.Disposable {
  readonly #problems = vscode.languages.createDiagnosticCollection('imageInspector.altText');
  readonly #waiting = new Map<string, NodeJS.Timeout>();
  readonly #parts: vscode.Disposable[];

  constructor() {
    this.#parts = [
      this.#problems,
      vscode.workspace.onDidOpenTextDocument((document) => void this.#check(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#problems.delete(uri)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#checkSoon(document)),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('imageInspector.altText.check')) this.#checkAll();
      }),
    ];
    this.#checkAll();
  }

  dispose(): void {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    vscode.Disposable.from(...this.#parts).dispose();
  }

  #checkAll(): void {
    for (const document of vscode.workspace.textDocuments) void this.#check(document);
  }

  #checkSoon(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.#waiting.get(key));
    this.#waiting.set(
      key,
      setTimeout(() => {
        this.#waiting.delete(key);
        void this.#check(document);
      }, PAUSE),
    );
  }

  async #check(document: vscode.TextDocument): Promise<void> {
    if (document.uri.scheme === 'git') return;
    const check = vscode.workspace.getConfiguration('imageInspector', document).get<AltCheck>('altText.check', 'off');
    const { version } = document;
    const found = check === 'off' ? undefined : await imagesIn(document);
    if (document.isClosed || document.version !== version) return;
    const problems = altProblems(found?.images ?? [], check).map(({ rule, use }) =>
      problemOf(rangeOf(document, problemPlace(use)), messageFor(rule, use.source), rule),
    );
    const unread = found === undefined ? undefined : leftOut(found);
    if (unread !== undefined) problems.push(problemOf(new vscode.Range(0, 0, 0, 0), unread, 'alt-unread'));
    this.#problems.set(document.uri, problems);
  }
}

/** Of `alt-unread`: the document could not be read whole, and may have problems that are not known. */
function problemOf(range: vscode.Range, message: string, code: AltRule | 'alt-unread'): vscode.Diagnostic {
  const severity = code === 'alt-missing' ? vscode.DiagnosticSeverity.Warning : vscode.DiagnosticSeverity.Information;
  const problem = new vscode.Diagnostic(range, message, severity);
  problem.source = 'Image Inspector';
  problem.code = code;
  return problem;
}

function messageFor(rule: AltRule, source = ''): string {
  const name = sanitizeForUi(source.slice(source.lastIndexOf('/') + 1), 60);
  switch (rule) {
    case 'alt-missing':
      return t('The image {0} has no alt text.', name);
    case 'alt-file-name':
      return t('The alt text is the name of the file.');
    case 'alt-too-long':
      return t('The alt text has more than 125 characters.');
    case 'alt-repeated':
      return t('Another image has the same alt text.');
    default:
      return rule satisfies never;
  }
}
