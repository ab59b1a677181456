import type * as vscode from 'vscode';

/** Cancels when the token of a call from code says so, or has said so already. `token`: what the caller gave, of any kind. */
export function onCancelled(token: unknown, cancel: () => void): vscode.Disposable | undefined {
  const { isCancellationRequested, onCancellationRequested } = (token ?? {}) as Partial<vscode.CancellationToken>;
  if (isCancellationRequested) cancel();
  return onCancellationRequested?.(cancel);
}
