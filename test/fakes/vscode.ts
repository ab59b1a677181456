/**
 * As much of `vscode` as a few host files need in a unit test: `useVscodeStub()` first, then `await import(…)` of the file. Files on disk are real ones; there
 * are no windows.
 */
import { stat } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { posix } from 'node:path';

/** Has `import … from 'vscode'` lead here in files that are imported from now on. */
export function useVscodeStub(): void {
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'vscode' ? { url: import.meta.url, shortCircuit: true } : next(specifier, context),
  });
}

export class Uri {
  static file(path: string): Uri {
    return new Uri('file', path);
  }

  static parse(text: string): Uri {
    const [scheme = '', path = ''] = text.split(/:(?:\/\/)?(.*)/s);
    return new Uri(scheme, decodeURIComponent(path));
  }

  static joinPath(uri: Uri, ...names: string[]): Uri {
    return new Uri(uri.scheme, posix.join(uri.path, ...names));
  }

  readonly scheme: string;
  readonly path: string;

  constructor(scheme: string, path: string) {
    this.scheme = scheme;
    this.path = path;
  }

  get fsPath(): string {
    return this.path;
  }

  toString(): string {
    return `${this.scheme}://${encodeURI(this.path)}`;
  }
}

export class EventEmitter<T> {
  readonly #listeners = new Set<(event: T) => void>();

  readonly event = (listener: (event: T) => void) => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };

  fire(event: T): void {
    for (const listener of this.#listeners) listener(event);
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

export class Disposable {
  static from(...all: { dispose(): unknown }[]): Disposable {
    return new Disposable(() => {
      for (const one of all) one.dispose();
    });
  }

  readonly dispose: () => void;

  constructor(dispose: () => void) {
    this.dispose = dispose;
  }
}

export const ViewColumn = { Active: -1 } as const;

export const l10n: { bundle: Record<string, string> | undefined } = { bundle: undefined };

export class FileSystemError extends Error {
  code = 'Unknown';
}

export const FileType = { Unknown: 0, File: 1, Directory: 2, SymbolicLink: 64 } as const;

/** A test puts its own file system, settings and folders here. */
export const workspace: {
  fs: Partial<typeof import('vscode').workspace.fs>;
  getConfiguration?: () => unknown;
  isTrusted: boolean;
  workspaceFolders: { uri: Uri }[] | undefined;
  textDocuments: { uri: Uri }[];
} = {
  fs: {
    stat: async ({ path }) => {
      const { size, mtimeMs } = await stat(path);
      return { type: FileType.File, size, mtime: mtimeMs, ctime: mtimeMs };
    },
  },
  isTrusted: true,
  workspaceFolders: undefined,
  textDocuments: [],
};

/** What stood in the status bar for a moment, the latest last. */
export const statusBarMessages: string[] = [];

/** What was asked or said in dialogs and notifications, the latest last. */
export const dialogs: { message: string; options: { modal?: boolean; detail?: string } }[] = [];

/** What the next dialogs are answered with; without one they are closed. An error: the dialog cannot be shown. */
export const answers: (string | Error | undefined)[] = [];

async function showMessage(message: string, options: unknown, ..._: string[]): Promise<string | undefined> {
  dialogs.push({ message, options: typeof options === 'object' && options !== null ? options : {} });
  const answer = answers.shift();
  if (answer instanceof Error) throw answer;
  return answer;
}

export const window = {
  setStatusBarMessage: (text: string) => statusBarMessages.push(text),
  showInformationMessage: showMessage,
  showWarningMessage: showMessage,
  withProgress: (_: unknown, run: () => Promise<unknown>) => run(),
};

export const ProgressLocation = { SourceControl: 1, Window: 10, Notification: 15 } as const;

/** The commands that there are, and those that were executed. */
export const commands = {
  known: [] as string[],
  executed: [] as { name: string; args: unknown[] }[],
  getCommands: async () => commands.known,
  executeCommand: async (name: string, ...args: unknown[]) => void commands.executed.push({ name, args }),
};

export class LanguageModelTextPart {
  readonly value: string;

  constructor(value: string) {
    this.value = value;
  }
}

export class LanguageModelToolResult {
  readonly content: unknown[];

  constructor(content: unknown[]) {
    this.content = content;
  }
}

/** What not every VS Code has. */
export const optional: { LanguageModelDataPart?: { image: (data: Uint8Array, mimeType: string) => unknown } } = {};

/** Unset where `optional` has none; a binding of a module cannot be taken away. */
export const LanguageModelDataPart = {
  get image() {
    return optional.LanguageModelDataPart?.image;
  },
};

export const env: { language: string; remoteName: string | undefined } = { language: 'en', remoteName: undefined };
