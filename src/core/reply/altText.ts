/** What screen readers are said to read in one go, in characters. */
export const LONGEST_ALT_TEXT = 125;

/** The beginning of a description that can stand alone: its first paragraph, of a long one the first sentence. */
export function altTextOf(description: string): string {
  const [paragraph = ''] = description.trim().split('\n');
  if (paragraph.length <= LONGEST_ALT_TEXT) return paragraph.trim();
  const segmenter = new Intl.Segmenter(undefined, { granularity: 'sentence' });
  const [first] = segmenter.segment(paragraph);
  return (first?.segment ?? paragraph).trim();
}
