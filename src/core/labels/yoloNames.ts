import { parseDocument } from 'yaml';
import { isRecord } from '../base/shape.ts';

/** The names of the classes in a `data.yaml`: a list, or by their numbers. Undefined where it has none, or is no YAML. Nothing that it refers to is expanded. */
export function yoloNames(yaml: string): Map<number, string> | undefined {
  const document = parseDocument(yaml, { logLevel: 'silent', schema: 'core' });
  let names: unknown;
  try {
    names = recordIn(document.toJS({ maxAliasCount: 0 }))?.names;
  } catch {
    return undefined;
  }
  const entries = Array.isArray(names) ? [...names.entries()] : isRecord(names) ? Object.entries(names) : [];
  const named = new Map(entries.map(([number, name]) => [Number(number), String(name)]));
  return named.size === 0 ? undefined : named;
}

/** The names of classes, one a line, as `classes.txt` and `obj.names` have them. */
export function listedNames(text: string): Map<number, string> {
  const lines = text.split('\n').map((line) => line.trim());
  return new Map([...lines.entries()].filter(([, name]) => name !== ''));
}

function recordIn(value: unknown): Record<string, unknown> | undefined {
  return isRecord(value) ? value : undefined;
}
