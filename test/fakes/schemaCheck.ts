import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { invalidArgument } from './errors.ts';
import schemas from './schemas.json' with { type: 'json' };
import type { StatusAnswer } from './script.ts';

const ajv = new Ajv({ strict: false, verbose: true });
const compiled = new Map<SchemaName, ValidateFunction>();

export type SchemaName = keyof typeof schemas;

/** What is wrong with a value by the schema of that name, in words for a developer; undefined if nothing is. */
export function schemaProblem(name: SchemaName, value: unknown): string | undefined {
  const validate = validator(name);
  return validate(value) ? undefined : ajv.errorsText(validate.errors);
}

/** The API's refusal of a body that does not fit the schema of that name; undefined if it fits. */
export function refuseBySchema(name: SchemaName, body: unknown): StatusAnswer | undefined {
  const validate = validator(name);
  if (validate(body)) return undefined;
  const errors = validate.errors ?? [];
  const error = errors.find((one) => one.keyword === 'additionalProperties') ?? errors[0];
  if (!error) return invalidArgument('Request contains an invalid argument.');
  const { field, description } = describe(error);
  return invalidArgument(description, [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field, description }] },
  ]);
}

function validator(name: SchemaName): ValidateFunction {
  const validate = compiled.get(name) ?? ajv.compile(schemas[name]);
  compiled.set(name, validate);
  return validate;
}

function describe(error: ErrorObject): { field: string; description: string } {
  const field = protoPath(error.instancePath);
  if (error.keyword === 'additionalProperties') {
    const at = field && ` at '${field}'`;
    const name = snake(error.params.additionalProperty);
    return { field, description: `Invalid JSON payload received. Unknown name "${name}"${at}: Cannot find field.` };
  }
  if (error.keyword === 'required') {
    const missing = snake(error.params.missingProperty);
    return { field: missing, description: `* ${missing} is not specified` };
  }
  const expected = error.keyword === 'type' ? `TYPE_${String(error.params.type).toUpperCase()}` : error.keyword;
  return { field, description: `Invalid value at '${field}' (${expected}), ${JSON.stringify(error.data)?.slice(0, 100)}` };
}

/** `/contents/0/inlineData` as the API names it: `contents[0].inline_data`. */
function protoPath(pointer: string): string {
  return snake(
    pointer
      .slice(1)
      .replace(/\/(\d+)/g, '[$1]')
      .replaceAll('/', '.'),
  );
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
