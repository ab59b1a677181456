import type * as vscode from 'vscode';

const SECRET = 'imageInspector.apiKey';

/** The user's Gemini API key: VS Code's secret storage first, then the environment. It goes nowhere but into the client. */
export class KeyStore {
  readonly #secrets: vscode.SecretStorage;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  readonly onDidChange: vscode.Event<unknown>;

  constructor(secrets: vscode.SecretStorage, environment: Readonly<Record<string, string | undefined>>) {
    this.#secrets = secrets;
    this.#environment = environment;
    this.onDidChange = secrets.onDidChange;
  }

  async get(): Promise<string | undefined> {
    const candidates = [await this.#secrets.get(SECRET), this.#environment.GEMINI_API_KEY, this.#environment.GOOGLE_API_KEY];
    return candidates.map((key) => key?.trim()).find((key) => key !== undefined && key !== '');
  }

  /** True when a key is in secret storage, which is the only one that can be cleared. */
  async isStored(): Promise<boolean> {
    return (await this.#secrets.get(SECRET)) !== undefined;
  }

  async set(key: string): Promise<void> {
    await this.#secrets.store(SECRET, key);
  }

  async clear(): Promise<void> {
    await this.#secrets.delete(SECRET);
  }
}
