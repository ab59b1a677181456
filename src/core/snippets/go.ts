import type { ResponseSchema } from '../request/request.ts';
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

/** A program for Go 1.24 or later with google.golang.org/genai, in the form that gofmt gives it. */
export function goSnippet(facts: SnippetFacts): string {
  const images = planImages(facts, () => false);
  const frame = boxFrame(facts);
  const imports = [
    'context',
    ...(frame === undefined ? [] : ['encoding/json']),
    'fmt',
    'log',
    ...(facts.vertex === undefined || images.some(({ source }) => source.kind !== 'url') ? ['os'] : []),
    ...(frame === undefined ? [] : ['strings']),
    ...(timeoutOf(facts) === undefined ? [] : ['time']),
  ];
  return [
    ...headLines(facts, 'go get google.golang.org/genai').map((line) => `// ${line}`),
    'package main',
    '',
    'import (',
    ...imports.map((name) => `\t"${name}"`),
    '',
    '\t"google.golang.org/genai"',
    ')',
    '',
    'func main() {',
    ...indented(
      [
        'ctx := context.Background()',
        'client, err := genai.NewClient(ctx, &genai.ClientConfig{',
        ...signIn(facts),
        `\tHTTPOptions: genai.HTTPOptions{${httpOptions(facts)}},`,
        '})',
        ...CHECK,
        '',
        ...images.flatMap((image) => [...readImage(image), '']),
        ...generate(facts, images),
        '',
        ...(frame === undefined ? ['fmt.Println(response.Text())'] : readBoxes(frame)),
      ],
      '\t',
    ),
    '}',
    '',
  ].join('\n');
}

function signIn({ vertex }: SnippetFacts): string[] {
  if (vertex === undefined) return ['\tAPIKey:      os.Getenv("GEMINI_API_KEY"),', '\tBackend:     genai.BackendGeminiAPI,'];
  const { project, location } = vertex;
  return ['\tBackend:     genai.BackendVertexAI,', `\tProject:     ${literal(project)},`, `\tLocation:    ${literal(location)},`];
}

function httpOptions(facts: SnippetFacts): string {
  const timeout = timeoutOf(facts);
  return [
    `APIVersion: "${facts.vertex === undefined ? 'v1beta' : 'v1beta1'}"`,
    ...(facts.baseUrl === undefined ? [] : [`BaseURL: ${literal(facts.baseUrl)}`]),
    ...(timeout === undefined ? [] : [`Timeout: genai.Ptr(${timeout / 1000} * time.Second)`]),
  ].join(', ');
}

const CHECK = ['if err != nil {', '\tlog.Fatal(err)', '}'];

/** Leaves behind what `partOf` names. */
function readImage({ suffix, path, mimeType, source, notes }: PlannedImage): string[] {
  const comment = notes.map((note) => `// ${note}`);
  if (source.kind === 'url') return [`image${suffix} := ${literal(source.url)}`];
  if (source.kind === 'inline') return [...comment, `image${suffix}, err := os.ReadFile(${literal(path)})`, ...CHECK];
  return [
    ...comment,
    `file${suffix}, err := os.Open(${literal(path)})`,
    ...CHECK,
    `defer file${suffix}.Close()`,
    `image${suffix}, err := client.Files.Upload(ctx, file${suffix}, &genai.UploadFileConfig{MIMEType: ${literal(mimeType)}})`,
    ...CHECK,
  ];
}

function partOf({ suffix, mimeType, source, part }: PlannedImage): string {
  const name = `image${suffix}`;
  const type = literal(mimeType);
  const data = {
    inline: `InlineData: &genai.Blob{Data: ${name}, MIMEType: ${type}}`,
    file: `FileData: &genai.FileData{FileURI: ${name}.URI, MIMEType: ${name}.MIMEType}`,
    url: `FileData: &genai.FileData{FileURI: ${name}, MIMEType: ${type}}`,
  }[source.kind];
  const resolution =
    part.mediaResolution === undefined
      ? ''
      : `, MediaResolution: &genai.PartMediaResolution{Level: genai.PartMediaResolutionLevel(${literal(part.mediaResolution)})}`;
  return `{${data}${resolution}},`;
}

function generate({ request }: SnippetFacts, images: readonly PlannedImage[]): string[] {
  return [
    'contents := []*genai.Content{',
    ...request.turns.flatMap(({ role, parts }) => [
      `\t{Role: ${literal(role)}, Parts: []*genai.Part{`,
      ...parts.flatMap((part) => {
        const image = images.find((planned) => planned.part === part);
        return image === undefined
          ? indented(text('{Text: ', part.kind === 'text' ? part.text : '', '},'), '\t', 2)
          : [`\t\t${partOf(image)}`];
      }),
      '\t}},',
    ]),
    '}',
    'config := &genai.GenerateContentConfig{}',
    ...config(request.config),
    `response, err := client.Models.GenerateContent(ctx, ${literal(request.model)}, contents, config)`,
    ...CHECK,
  ];
}

/** One assignment for each setting: as fields of one literal gofmt would align them. */
function config(config: SnippetFacts['request']['config']): string[] {
  const { responseMimeType, responseSchema, mediaResolution, thinkingConfig, systemInstruction, safetySettings, serviceTier } = config;
  const thinking =
    thinkingConfig &&
    ('thinkingBudget' in thinkingConfig
      ? `ThinkingBudget: genai.Ptr[int32](${thinkingConfig.thinkingBudget})`
      : `ThinkingLevel: genai.ThinkingLevel(${literal(thinkingConfig.thinkingLevel)})`);
  return [
    ...(responseMimeType === undefined ? [] : [`config.ResponseMIMEType = ${literal(responseMimeType)}`]),
    ...(responseSchema === undefined ? [] : [`config.ResponseSchema = &genai.Schema${schema(responseSchema)}`]),
    ...(mediaResolution === undefined ? [] : [`config.MediaResolution = genai.MediaResolution(${literal(mediaResolution)})`]),
    ...(thinking === undefined ? [] : [`config.ThinkingConfig = &genai.ThinkingConfig{${thinking}}`]),
    ...(systemInstruction === undefined
      ? []
      : [
          'config.SystemInstruction = &genai.Content{Role: "user", Parts: []*genai.Part{',
          ...indented(text('{Text: ', systemInstruction, '},'), '\t'),
          '}}',
        ]),
    ...(safetySettings === undefined
      ? []
      : [
          'config.SafetySettings = []*genai.SafetySetting{',
          ...safetySettings.map(
            ({ category, threshold }) =>
              `\t{Category: genai.HarmCategory(${literal(category)}), Threshold: genai.HarmBlockThreshold(${literal(threshold)})},`,
          ),
          '}',
        ]),
    ...(serviceTier === undefined ? [] : [`config.ServiceTier = genai.ServiceTier(${literal(serviceTier)})`]),
  ];
}

/** On one line: the fields of a literal on several lines gofmt would align. */
function schema(form: ResponseSchema): string {
  const type = `Type: genai.Type(${literal(form.type)})`;
  if (form.type === 'ARRAY') return `{${type}, Items: &genai.Schema${schema(form.items)}}`;
  if (form.type !== 'OBJECT') return `{${type}}`;
  const properties = Object.entries(form.properties).map(([name, one]) => `${literal(name)}: ${schema(one)}`);
  const words = (names: readonly string[]) => `[]string{${names.map(literal).join(', ')}}`;
  return `{${type}, Properties: map[string]*genai.Schema{${properties.join(', ')}}, Required: ${words(form.required)}, PropertyOrdering: ${words(form.propertyOrdering)}}`;
}

/** A text between two pieces of code, a line each. */
function text(before: string, words: string, after: string): string[] {
  const lines = lineLiterals(words);
  return lines.map((line, index) => `${index === 0 ? before : '\t'}${line}${index === lines.length - 1 ? after : ' +'}`);
}

function readBoxes(frame: { x: number; y: number; width: number; height: number }): string[] {
  return [
    'var items []struct {',
    '\tBox   []float64 `json:"box_2d"` // [ymin, xmin, ymax, xmax], from 0 to 1000 of the picture that was sent',
    '\tLabel string    `json:"label"`',
    '}',
    'answer := response.Text()',
    'start, end := strings.Index(answer, "["), strings.LastIndex(answer, "]")+1',
    'if start < 0 || end <= start {',
    '\tlog.Fatalf("no list in the answer: %s", answer)',
    '}',
    'if err := json.Unmarshal([]byte(answer[start:end]), &items); err != nil {',
    '\tlog.Fatal(err)',
    '}',
    "// The picture's place in the upright one, in pixels.",
    `left, top, width, height := ${frame.x}.0, ${frame.y}.0, ${frame.width}.0, ${frame.height}.0`,
    'place := func(value, start, size float64) int { return int(start + min(1000, max(0, value))/1000*size) }',
    'for _, item := range items {',
    '\tif len(item.Box) != 4 {',
    '\t\tfmt.Printf("%s: %v\\n", item.Label, item.Box)',
    '\t\tcontinue',
    '\t}',
    '\tx0, x1 := place(item.Box[1], left, width), place(item.Box[3], left, width)',
    '\ty0, y1 := place(item.Box[0], top, height), place(item.Box[2], top, height)',
    '\tif x0 > x1 {',
    '\t\tx0, x1 = x1, x0',
    '\t}',
    '\tif y0 > y1 {',
    '\t\ty0, y1 = y1, y0',
    '\t}',
    '\tfmt.Printf("%s: x %d, y %d, width %d, height %d\\n", item.Label, x0, y0, x1-x0, y1-y0)',
    '}',
  ];
}
