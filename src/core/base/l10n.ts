let translations: Readonly<Record<string, string>> = {};

/** Sets the translations of this process, by English text: `vscode.l10n.bundle` in the host, the same object in the webview. */
export function setTranslations(bundle: Readonly<Record<string, string>> | undefined): void {
  translations = bundle ?? {};
}

/** The text in the user's language, `{0}` `{1}` … replaced by the arguments. The English text is the key. */
export function t(text: string, ...args: readonly (string | number)[]): string {
  return (translations[text] ?? text).replace(/\{(\d+)\}/g, (whole, index: string) => String(args[Number(index)] ?? whole));
}
