export type Theme = 'dark' | 'light' | 'highContrast' | 'highContrastLight';

/** The classes VS Code gives to the body of a webview. */
export const BODY_CLASS: Record<Theme, string> = {
  dark: 'vscode-dark',
  light: 'vscode-light',
  highContrast: 'vscode-high-contrast',
  highContrastLight: 'vscode-high-contrast vscode-high-contrast-light',
};

/** Stand-ins for the colour variables VS Code sets: near enough to its default themes that contrast and layout can be checked. */
const DARK = {
  foreground: '#cccccc',
  descriptionForeground: '#a0a0a0',
  'editor-background': '#1e1e1e',
  'sideBar-background': '#181818',
  'panel-border': '#2c2c2c',
  'widget-border': '#313131',
  focusBorder: '#0a7cd8',
  'badge-background': '#606060',
  'badge-foreground': '#ffffff',
  'button-background': '#006fc4',
  'button-foreground': '#ffffff',
  'button-hoverBackground': '#1c86d6',
  'button-secondaryBackground': '#313131',
  'button-secondaryForeground': '#cccccc',
  'button-secondaryHoverBackground': '#3d3d3d',
  'button-border': 'transparent',
  'editorWidget-background': '#202020',
  'editorWidget-foreground': '#cccccc',
  'editorWidget-border': '#454545',
  'editorError-foreground': '#f25555',
  'editorWarning-foreground': '#cfa810',
  'editorInfo-foreground': '#5aa5fa',
  'editorLineNumber-foreground': '#8a9199',
  'input-background': '#303030',
  'input-border': '#3d3d3d',
  'input-foreground': '#cccccc',
  'input-placeholderForeground': '#a2a2a2',
  'inputOption-activeBackground': '#1d5a8c',
  'inputOption-activeBorder': '#2488db',
  'inputOption-activeForeground': '#ffffff',
  'list-activeSelectionBackground': '#063a5f',
  'list-activeSelectionForeground': '#ffffff',
  'list-focusOutline': '#0a7cd8',
  'list-hoverBackground': '#2a2d2e',
  'menu-background': '#1f1f1f',
  'menu-foreground': '#cccccc',
  'menu-border': '#454545',
  'menu-selectionBackground': '#006fc4',
  'menu-selectionForeground': '#ffffff',
  'progressBar-background': '#0a7cd8',
  'textLink-foreground': '#4fb0f5',
  'textLink-activeForeground': '#4fb0f5',
  'toolbar-hoverBackground': '#5a5d5e50',
  'widget-shadow': '#0000005c',
};

const LIGHT: typeof DARK = {
  foreground: '#3b3b3b',
  descriptionForeground: '#5c5c5c',
  'editor-background': '#ffffff',
  'sideBar-background': '#f8f8f8',
  'panel-border': '#e5e5e5',
  'widget-border': '#e5e5e5',
  focusBorder: '#005fb8',
  'badge-background': '#cccccc',
  'badge-foreground': '#3b3b3b',
  'button-background': '#005fb8',
  'button-foreground': '#ffffff',
  'button-hoverBackground': '#0258a8',
  'button-secondaryBackground': '#e5e5e5',
  'button-secondaryForeground': '#3b3b3b',
  'button-secondaryHoverBackground': '#cccccc',
  'button-border': '#0000001a',
  'editorWidget-background': '#f8f8f8',
  'editorWidget-foreground': '#3b3b3b',
  'editorWidget-border': '#c8c8c8',
  'editorError-foreground': '#e51400',
  'editorWarning-foreground': '#bf8803',
  'editorInfo-foreground': '#0063d3',
  'editorLineNumber-foreground': '#5d6b76',
  'input-background': '#ffffff',
  'input-border': '#cecece',
  'input-foreground': '#3b3b3b',
  'input-placeholderForeground': '#707070',
  'inputOption-activeBackground': '#bed6ed',
  'inputOption-activeBorder': '#005fb8',
  'inputOption-activeForeground': '#000000',
  'list-activeSelectionBackground': '#e8e8e8',
  'list-activeSelectionForeground': '#000000',
  'list-focusOutline': '#005fb8',
  'list-hoverBackground': '#f2f2f2',
  'menu-background': '#ffffff',
  'menu-foreground': '#3b3b3b',
  'menu-border': '#cecece',
  'menu-selectionBackground': '#005fb8',
  'menu-selectionForeground': '#ffffff',
  'progressBar-background': '#005fb8',
  'textLink-foreground': '#005fb8',
  'textLink-activeForeground': '#005fb8',
  'toolbar-hoverBackground': '#b8b8b850',
  'widget-shadow': '#00000029',
};

const highContrast = (foreground: string, background: string, contrast: string, active: string): Record<string, string> => ({
  ...Object.fromEntries(
    Object.keys(DARK).map((name) => [
      name,
      /background/i.test(name) ? background : /border|shadow|outline/i.test(name) ? contrast : foreground,
    ]),
  ),
  focusBorder: active,
  contrastBorder: contrast,
  contrastActiveBorder: active,
  'list-activeSelectionForeground': foreground,
  'progressBar-background': contrast,
});

const VALUES: Record<Theme, Record<string, string>> = {
  dark: DARK,
  light: LIGHT,
  highContrast: highContrast('#ffffff', '#000000', '#6fc3df', '#f38518'),
  highContrastLight: highContrast('#292929', '#ffffff', '#0f4a85', '#006bbd'),
};

/** A style sheet that sets the variables of a theme. */
export function themeSheet(theme: Theme): string {
  const lines = Object.entries({
    ...VALUES[theme],
    'font-family': 'system-ui, sans-serif',
    'font-size': '13px',
    'editor-font-family': 'monospace',
  });
  return `:root { ${lines.map(([name, value]) => `--vscode-${name}: ${value};`).join(' ')} }`;
}
