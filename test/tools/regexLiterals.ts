import { transform } from 'esbuild';

export interface RegexLiteral {
  source: string;
  flags: string;
}

/** Signs after which a slash begins a regular expression; after a name, a number or a closing bracket it divides. */
const BEFORE_REGEX = /[(,=:[!&|?{};+\-*%~^<>]$|(?:^|[^\w$.])(?:return|typeof|case|of|in|do|else|void|delete|throw|yield|await)$|^$/;

/** The regular expressions that stand in a file of TypeScript. */
export async function regexLiterals(code: string): Promise<RegexLiteral[]> {
  // Without types, comments and blanks, a slash is one of few things.
  const { code: script } = await transform(code, { loader: 'ts', minifyWhitespace: true, legalComments: 'none', target: 'esnext' });
  const found: RegexLiteral[] = [];
  /** The open braces, each with whether it belongs to `${…}` of a template. */
  const braces: boolean[] = [];
  let at = 0;
  while (at < script.length) {
    const sign = script[at] as string;
    if (sign === '"' || sign === "'") at = afterString(script, at);
    else if (sign === '`' || (sign === '}' && braces.at(-1) === true)) {
      if (sign === '}') braces.pop();
      const { end, opens } = afterTemplate(script, at + 1);
      if (opens) braces.push(true);
      at = end;
    } else if (sign === '/' && BEFORE_REGEX.test(script.slice(Math.max(0, at - 12), at))) {
      const end = afterBody(script, at + 1);
      const flags = /^[a-z]*/.exec(script.slice(end + 1))?.[0] ?? '';
      found.push({ source: script.slice(at + 1, end), flags });
      at = end + 1 + flags.length;
    } else {
      if (sign === '{') braces.push(false);
      else if (sign === '}') braces.pop();
      at++;
    }
  }
  return found;
}

function afterString(script: string, start: number): number {
  let at = start + 1;
  while (at < script.length && script[at] !== script[start]) at += script[at] === '\\' ? 2 : 1;
  return at + 1;
}

function afterTemplate(script: string, start: number): { end: number; opens: boolean } {
  let at = start;
  for (; at < script.length && script[at] !== '`'; at += script[at] === '\\' ? 2 : 1)
    if (script.startsWith('${', at)) return { end: at + 2, opens: true };
  return { end: at + 1, opens: false };
}

/** Where the slash is that ends a regular expression. */
function afterBody(script: string, start: number): number {
  let isInClass = false;
  let at = start;
  for (; isInClass || script[at] !== '/'; at++) {
    if (at >= script.length) throw new Error(`A regular expression does not end: ${script.slice(start, start + 60)}`);
    if (script[at] === '\\') at++;
    else if (script[at] === '[') isInClass = true;
    else if (script[at] === ']') isInClass = false;
  }
  return at;
}
