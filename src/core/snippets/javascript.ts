import {
  boxFrame,
  headLines,
  indented,
  lineLiterals,
  literal,
  type PlannedImage,
  planImages,
  type SnippetFacts,
  timeoutOf,
} from './snippet.ts';

/** A module for Node 22 or later with @google/genai. */
export function javascriptSnippet(facts: SnippetFacts): string {
  const images = planImages(facts, () => false);
  const reads = images.some(({ source }) => source.kind === 'inline');
  const uploads = images.some(({ source }) => source.kind === 'file');
  const frame = boxFrame(facts);
  return [
    ...headLines(facts, 'npm install @google/genai').map((line) => `// ${line}`),
    ...(reads || uploads
      ? [
          '',
          ...(uploads ? ['import { openAsBlob } from "node:fs";'] : []),
          ...(reads ? ['import { readFile } from "node:fs/promises";'] : []),
        ]
      : ['']),
    'import { GoogleGenAI } from "@google/genai";',
    '',
    'const ai = new GoogleGenAI({',
    ...signIn(facts),
    ...httpOptions(facts),
    '});',
    '',
    ...images.flatMap((image) => [...readImage(image), '']),
    ...generate(facts, images),
    '',
    ...(frame === undefined ? ['console.log(response.text);'] : readBoxes(frame)),
    '',
  ].join('\n');
}

function signIn({ vertex }: SnippetFacts): string[] {
  if (vertex === undefined) return ['  apiKey: process.env.GEMINI_API_KEY,', '  apiVersion: "v1beta",'];
  const { project, location } = vertex;
  return ['  vertexai: true,', `  project: ${literal(project)},`, `  location: ${literal(location)},`, '  apiVersion: "v1beta1",'];
}

function httpOptions(facts: SnippetFacts): string[] {
  const timeout = timeoutOf(facts);
  const options = [
    ...(facts.baseUrl === undefined ? [] : [`baseUrl: ${literal(facts.baseUrl)}`]),
    ...(timeout === undefined ? [] : [`timeout: ${timeout}`]),
  ];
  return options.length === 0 ? [] : [`  httpOptions: { ${options.join(', ')} },`];
}

function readImage({ suffix, path, mimeType, source, notes, part }: PlannedImage): string[] {
  const resolution = part.mediaResolution === undefined ? '' : `, mediaResolution: { level: ${literal(part.mediaResolution)} }`;
  const comment = notes.map((note) => `// ${note}`);
  const declare = (data: string) => `const image${suffix} = { ${data}${resolution} };`;
  const type = literal(mimeType);
  switch (source.kind) {
    case 'url':
      return [declare(`fileData: { fileUri: ${literal(source.url)}, mimeType: ${type} }`)];
    case 'file':
      return [
        ...comment,
        `const uploaded${suffix} = await ai.files.upload({ file: await openAsBlob(${literal(path)}), config: { mimeType: ${type} } });`,
        declare(`fileData: { fileUri: uploaded${suffix}.uri, mimeType: uploaded${suffix}.mimeType }`),
      ];
    case 'inline':
      return [...comment, declare(`inlineData: { data: await readFile(${literal(path)}, "base64"), mimeType: ${type} }`)];
  }
}

function generate({ request }: SnippetFacts, images: readonly PlannedImage[]): string[] {
  const { systemInstruction, ...config } = request.config;
  const settings = [
    ...Object.entries(config).map(([name, value]) => `${name}: ${JSON.stringify(value)},`),
    ...(systemInstruction === undefined ? [] : text('systemInstruction: ', systemInstruction, ',')),
    '// One request, one answer: an answer that is cut is not asked on for.',
    'automaticContinuation: false,',
  ];
  return [
    'const response = await ai.models.generateContent({',
    `  model: ${literal(request.model)},`,
    '  contents: [',
    ...request.turns.flatMap(({ role, parts }) => [
      '    {',
      `      role: ${literal(role)},`,
      '      parts: [',
      ...parts.flatMap((part) =>
        part.kind === 'image'
          ? [`        image${images.find((image) => image.part === part)?.suffix ?? ''},`]
          : indented(text('{ text: ', part.text, ' },'), '  ', 4),
      ),
      '      ],',
      '    },',
    ]),
    '  ],',
    '  config: {',
    ...indented(settings, '  ', 2),
    '  },',
    '});',
  ];
}

/** A text between two pieces of code, a line each. */
function text(before: string, words: string, after: string): string[] {
  const lines = lineLiterals(words);
  return lines.map((line, index) => {
    const start = index === 0 ? before : '  ';
    return `${start}${line}${index === lines.length - 1 ? after : ' +'}`;
  });
}

function readBoxes(frame: { x: number; y: number; width: number; height: number }): string[] {
  return [
    "// box_2d is [ymin, xmin, ymax, xmax], from 0 to 1000 of the picture that was sent; this is the picture's place in the upright one, in pixels.",
    `const frame = { x: ${frame.x}, y: ${frame.y}, width: ${frame.width}, height: ${frame.height} };`,
    'const ascending = (a, b) => a - b;',
    'const share = (value) => Math.min(1000, Math.max(0, value)) / 1000;',
    '',
    'const answer = response.text ?? "";',
    'for (const item of JSON.parse(answer.slice(answer.indexOf("["), answer.lastIndexOf("]") + 1))) {',
    '  if (item.box_2d?.length !== 4) {',
    '    console.log(item);',
    '    continue;',
    '  }',
    '  const [ymin, xmin, ymax, xmax] = item.box_2d;',
    '  const [x0, x1] = [xmin, xmax].map((x) => Math.trunc(frame.x + share(x) * frame.width)).sort(ascending);',
    '  const [y0, y1] = [ymin, ymax].map((y) => Math.trunc(frame.y + share(y) * frame.height)).sort(ascending);',
    '  console.log(item.label, { x: x0, y: y0, width: x1 - x0, height: y1 - y0 });',
    '}',
  ];
}
