/** Languages of VS Code whose texts name images in a way that is read here. */
export const TEXT_LANGUAGES = ['markdown', 'html', 'css', 'scss', 'less'] as const;
