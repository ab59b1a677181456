import type { Box } from '../inspection/inspection.ts';
import { vertexBase } from '../models/vertex.ts';
import { requestBody } from '../request/buildRequest.ts';
import { boxFrame, headLines, type PlannedImage, planImages, type SnippetFacts, timeoutOf } from './snippet.ts';

const GOOGLE = 'https://generativelanguage.googleapis.com';

/** A script for bash with curl, base64, sed and tr. Prints the text of the answer, or its boxes, where there is jq, else the whole answer. */
export function shellSnippet(facts: SnippetFacts): string {
  const images = planImages(facts, () => false);
  const { vertex, request } = facts;
  const folder =
    vertex === undefined ? 'v1beta' : quoted(`v1beta1/projects/${vertex.project}/locations/${vertex.location}/publishers/google`);
  const timeout = timeoutOf(facts);
  const frame = boxFrame(facts);
  const uploads = images.some(({ source }) => source.kind === 'file');
  return [
    '#!/usr/bin/env bash',
    ...headLines(facts, '').map((line) => `# ${line}`),
    'set -euo pipefail',
    vertex === undefined ? 'key=$GEMINI_API_KEY' : 'key=$(gcloud auth application-default print-access-token)',
    `base_url=${baseUrl(facts)}`,
    'body=$(mktemp)',
    'trap \'rm -f "$body"\' EXIT',
    '',
    '# The key goes by standard input: arguments can be seen by every user of the computer.',
    `call() { printf '${vertex === undefined ? 'x-goog-api-key:' : 'authorization: Bearer'} %s\\n' "$key" | curl -sS --fail-with-body -H @- "$@"; }`,
    '',
    ...(uploads ? UPLOAD : []),
    ...images.flatMap(readImage),
    '{',
    ...bodyLines(facts, images),
    '} > "$body"',
    '',
    `answer=$(call ${timeout === undefined ? '' : `--max-time ${timeout / 1000} `}-H 'content-type: application/json' --data-binary @"$body" "$base_url"/${folder}/models/${quoted(encodeURIComponent(request.model))}:generateContent)`,
    'if command -v jq > /dev/null; then',
    ...(frame === undefined ? [`  jq -r '${TEXT}' <<< "$answer"`] : readBoxes(frame)),
    'else',
    '  printf \'%s\\n\' "$answer"',
    'fi',
    '',
  ].join('\n');
}

const TEXT = '[.candidates[0].content.parts[]? | select(.thought != true) | .text // ""] | join("")';

/** By the variables by which the libraries can be led elsewhere, where the settings do not say it. */
function baseUrl({ vertex, baseUrl }: SnippetFacts): string {
  if (baseUrl !== undefined) return quoted(baseUrl);
  return vertex === undefined
    ? `\${GOOGLE_GEMINI_BASE_URL:-${quoted(GOOGLE)}}`
    : `\${GOOGLE_VERTEX_BASE_URL:-${quoted(vertexBase(vertex.location))}}`;
}

const UPLOAD = [
  '# Uploads a file of a type, and prints the address under which requests can name it for 48 hours.',
  'upload() {',
  '  local size address',
  '  size=$(wc -c < "$1" | tr -d \' \')',
  '  address=$(call -D - -o /dev/null "$base_url"/upload/v1beta/files \\',
  "    -H 'x-goog-upload-protocol: resumable' -H 'x-goog-upload-command: start' \\",
  '    -H "x-goog-upload-header-content-length: $size" -H "x-goog-upload-header-content-type: $2" \\',
  '    -H \'content-type: application/json\' -d "{\\"file\\": {\\"mimeType\\": \\"$2\\"}}" |',
  "    sed -n 's/^[Xx]-[Gg]oog-[Uu]pload-[Uu][Rr][Ll]: *//p' | tr -d '\\r\\n')",
  '  call -X POST -T "$1" -H \'x-goog-upload-offset: 0\' -H \'x-goog-upload-command: upload, finalize\' "$address" |',
  '    tr -d \'\\r\\n\' | sed -n \'s/.*"uri": *"\\([^"]*\\)".*/\\1/p\'',
  '}',
  '',
];

function readImage({ suffix, path, mimeType, source, notes }: PlannedImage): string[] {
  const comment = notes.map((note) => `# ${note}`);
  // A name that begins with a dash is no option.
  const file = quoted(path.startsWith('-') ? `./${path}` : path);
  if (source.kind === 'url') return [];
  if (source.kind === 'inline') return [...comment, `image${suffix}=${file}`];
  return [...comment, `uploaded${suffix}=$(upload ${file} ${quoted(mimeType)})`];
}

/** JSON in here documents, with the data of images in between; no line of JSON can be the word that ends them. */
function bodyLines({ request }: SnippetFacts, images: readonly PlannedImage[]): string[] {
  // A mark that no text holds stands where the data or the address of an image goes.
  const texts = JSON.stringify(request);
  let mark = 'IMAGE';
  while (texts.includes(mark)) mark += '_';
  const marked = {
    ...request,
    turns: request.turns.map(({ role, parts }) => ({
      role,
      parts: parts.map((part) => {
        const image = images.find((planned) => planned.part === part);
        if (part.kind !== 'image' || image === undefined) return part;
        const source = part.source.kind === 'file' ? { kind: 'file' as const, uri: `${mark}${part.image}` } : part.source;
        return { ...part, mimeType: image.mimeType, source };
      }),
    })),
  };
  const json = JSON.stringify(
    requestBody(marked, (image) => `${mark}${image}`),
    undefined,
    2,
  );
  const pieces = json.split(new RegExp(`"${mark}(\\d+)"`));
  return pieces.flatMap((piece, index) => (index % 2 === 0 ? ["cat <<'JSON'", piece.trim(), 'JSON'] : [dataOf(images, Number(piece))]));
}

function dataOf(images: readonly PlannedImage[], place: number): string {
  const image = images.find(({ part }) => part.image === place);
  const suffix = image?.suffix ?? '';
  if (image?.source.kind === 'file') return `printf '"%s"' "$uploaded${suffix}"`;
  return `printf '"'; base64 < "$image${suffix}" | tr -d '\\r\\n'; printf '"'`;
}

function readBoxes({ x, y, width, height }: Box): string[] {
  return [
    "  # box_2d is [ymin, xmin, ymax, xmax], from 0 to 1000 of the picture that was sent; these are the picture's place in the upright one, in pixels.",
    `  jq -r --argjson left ${x} --argjson top ${y} --argjson width ${width} --argjson height ${height} '`,
    `    ${TEXT}`,
    '    | (capture("(?<list>\\\\[[\\\\s\\\\S]*\\\\])").list // error("no list in the answer: \\(.)")) | fromjson | .[]',
    '    | if (.box_2d | length) != 4 then "\\(.label // ""): \\(tojson)" else',
    '        (.label // "") as $name',
    '        | (.box_2d | map([0, ., 1000] | sort | .[1] / 1000)) as $share',
    '        | ([$share[1], $share[3]] | sort | map($left + . * $width | floor)) as [$x0, $x1]',
    '        | ([$share[0], $share[2]] | sort | map($top + . * $height | floor)) as [$y0, $y1]',
    '        | "\\($name): x \\($x0), y \\($y0), width \\($x1 - $x0), height \\($y1 - $y0)"',
    '      end\' <<< "$answer"',
  ];
}

/** A word of the shell that means just this text. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
