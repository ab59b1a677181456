/** Notifies whether VS Code has a theme of high contrast, now and whenever that may have changed. */
export function followContrast(notify: (highContrast: boolean) => void): void {
  const { classList } = document.body;
  const look = () => notify(classList.contains('vscode-high-contrast') || classList.contains('vscode-high-contrast-light'));
  look();
  new MutationObserver(look).observe(document.body, { attributes: true, attributeFilter: ['class'] });
}
