/** The form in which two spellings of a label are the same: whatever the case, the width and what stands between the words. */
export function labelKey(label: string): string {
  return label
    .normalize('NFKC')
    .replace(/[\s_-]+/g, ' ')
    .trim()
    .toLowerCase();
}
