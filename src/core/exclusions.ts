import picomatch from 'picomatch';

/** Whether a path, relative to its workspace folder where it has one, matches one of the globs. A pattern without a slash matches at any depth. */
export function isExcluded(path: string, globs: readonly string[]): boolean {
  return globs.some((glob) => {
    const pattern = glob.replace(/^\.?\/+/, '');
    return picomatch.isMatch(path.replace(/^\/+/, ''), pattern.includes('/') ? pattern : `**/${pattern}`, { dot: true, nocase: true });
  });
}
