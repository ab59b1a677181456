const HOSTILE = [
  '"',
  "'",
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '[[[[',
  '}}}',
  '{"',
  '"}',
  '{{',
  ']]',
  '\n',
  '\u0000',
  '\u200b',
  '\ufeff',
  '//',
  '/*',
  '*/',
  '```',
  '```json\n',
  'null',
  'NaN',
  'None',
  '-',
  '1e999',
  '-0',
  '{"box_2d":',
  '"label":',
  '"mask":"',
  'data:image/png;base64,iVBORw0KGgo',
  '<start_of_mask><seg_1>',
  '<think>',
  '</think>',
  'thought\n',
  '“',
  '\ud83d',
  '{"error":{"code":400}}',
  '[0, 1000)',
  '"box_2d":[1,2,3]',
  '__proto__',
  '[]',
  '{}',
  '{"bbox":',
  '"boundingBox":{',
  '"ymin":',
  '"xmin":1,"ymin":2,"xmax":3,"ymax":4',
  '"1, 2, 3, 4"',
  '[[1,2,3,4]]',
  '"boxes":[[1,2,3,4]',
  '{"x":5,"y":6}',
  '0.5',
  '"points":[',
  '"cats":[',
];

/** Half of the replies as they are, half with another spelling of their items: of the key, of the box and of where its edges stand. */
export function respelled(reply: string, random: () => number): string {
  if (random() < 0.5) return reply;
  const how = Math.floor(random() * SPELLINGS.length);
  return reply.replace(/"box_2d":\s?\[(\d+),\s?(\d+),\s?(\d+),\s?(\d+)\]/g, (_, ...edges: string[]) => {
    const [top, left, bottom, right] = edges as [string, string, string, string];
    return (random() < 0.9 ? SPELLINGS[how] : SPELLINGS[Math.floor(random() * SPELLINGS.length)])?.(top, left, bottom, right) ?? '';
  });
}

const SPELLINGS: readonly ((top: string, left: string, bottom: string, right: string) => string)[] = [
  (...edges) => `"box_2d": [${edges.join(', ')}]`,
  (...edges) => `"bbox": [${edges.join(',')}]`,
  (...edges) => `"boundingBox": ["${edges.join('","')}"]`,
  (...edges) => `"bbox_2d": "${edges.join(', ')}"`,
  (...edges) => `"box_2d": [[${edges.join(', ')}]]`,
  (top, left, bottom, right) => `"box": {"ymin": ${top}, "xmin": ${left}, "ymax": ${bottom}, "xmax": ${right}}`,
  (top, left, bottom, right) => `"ymin": ${top}, "xmin": ${left}, "ymax": ${bottom}, "xmax": ${right}`,
  (top, left, bottom, right) => `"x1": ${left}, "y1": "${top}", "x2": ${right}, "y2": ${bottom}`,
  (top, left, bottom, right) => `"where": {"left": ${left}, "top": ${top}, "right": ${right}, "bottom": ${bottom}}`,
  (top, left, bottom, right) => `"coordinates": [[${top}, ${left}], [${bottom}, ${right}]]`,
  (...edges) => `"box_2d": [${edges.map((edge) => String(Number(edge) / 1000)).join(', ')}]`,
];

/** The reply after one to four accidents: cut, flipped, deleted, doubled or replaced parts, pieces of another reply, hostile tokens. */
export function mutateReply(reply: string, other: string, random: () => number): string {
  let text = reply;
  const times = 1 + Math.floor(random() * 4);
  for (let i = 0; i < times; i++) {
    text = accident(text, other, random);
  }
  return text;
}

function accident(text: string, other: string, random: () => number): string {
  const at = Math.floor(random() * (text.length + 1));
  const end = Math.min(text.length, at + Math.floor(random() ** 3 * 80));
  switch (Math.floor(random() * 7)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + String.fromCharCode(32 + Math.floor(random() * 95)) + text.slice(at + 1);
    case 2:
      return text.slice(0, at) + text.slice(end);
    case 3:
      return text.slice(0, end) + text.slice(at);
    case 4: {
      const from = Math.floor(random() * other.length);
      return text.slice(0, at) + other.slice(from, from + Math.floor(random() * 120)) + text.slice(end);
    }
    case 5:
      return text.slice(at) + text.slice(0, at);
    default:
      return text.slice(0, at) + (HOSTILE[Math.floor(random() * HOSTILE.length)] ?? '') + text.slice(at);
  }
}
