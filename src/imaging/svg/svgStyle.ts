/** A rule of a style sheet, or the declarations of a `style` attribute, which have no selectors. */
export interface StyleRule {
  selectors: readonly string[];
  declarations: readonly StyleDeclaration[];
}

export interface StyleDeclaration {
  name: string;
  value: string;
}

/** What of a style sheet is not read here, as it stands there. */
export class UnknownStyle extends Error {}

const IDENTIFIER = '[a-zA-Z_][\\w-]*';
const PART = `(?:[.#]${IDENTIFIER}|\\[${IDENTIFIER}(?:[~|]?=(?:"[^"\\[\\]]*"|'[^'\\[\\]]*'|${IDENTIFIER}))?\\]|:first-child|:hover|:active|:focus)`;
/** Type, class, id, attribute: what resvg and Chromium match alike. */
const COMPOUND = new RegExp(`^(?:(?:\\*|${IDENTIFIER})${PART}*|${PART}+)$`);

/** Reads a style sheet in one pass: rules of simple selectors, no at-rules, no nesting. Throws `UnknownStyle` for anything else. */
export function readStyleSheet(text: string): StyleRule[] {
  const rules: StyleRule[] = [];
  const css = withoutComments(text);
  const end = css.trimEnd().length;
  for (let at = 0; at < end; ) {
    const open = css.indexOf('{', at);
    const close = css.indexOf('}', at);
    const head = css.slice(at, open < 0 ? css.length : open).trim();
    if (head.startsWith('@')) throw new UnknownStyle(/^@[\w-]{0,40}/.exec(head)?.[0] ?? '@');
    if (open < 0 || close < open) throw new UnknownStyle(head);
    const selectors = head.split(',').map((selector) => selector.trim());
    for (const selector of selectors)
      if (!selector.split(/\s*[>+]\s*|\s+/).every((part) => COMPOUND.test(part))) throw new UnknownStyle(selector);
    const inside = css.slice(open + 1, close);
    if (inside.includes('{')) throw new UnknownStyle(`${head} { … { … } }`);
    rules.push({ selectors, declarations: readDeclarations(inside) });
    at = close + 1;
  }
  return rules;
}

/** Reads what stands in a `style` attribute. Throws `UnknownStyle` for what is no declaration. */
export function readDeclarations(text: string): StyleDeclaration[] {
  return withoutComments(text)
    .split(';')
    .map((declaration) => declaration.trim())
    .filter((declaration) => declaration !== '')
    .map((declaration) => {
      const colon = declaration.indexOf(':');
      const name = declaration.slice(0, Math.max(0, colon)).trim();
      if (!/^-{0,2}[a-z][a-z\d-]*$/.test(name)) throw new UnknownStyle(declaration);
      return { name, value: declaration.slice(colon + 1).trim() };
    });
}

function withoutComments(text: string): string {
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    const open = text.indexOf('/*', at);
    if (open < 0) break;
    const close = text.indexOf('*/', open + 2);
    if (close < 0) throw new UnknownStyle('/*');
    parts.push(text.slice(at, open));
    at = close + 2;
  }
  parts.push(text.slice(at));
  return parts.join(' ');
}
