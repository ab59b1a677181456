import type { Box } from '../inspection/inspection.ts';
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

/** Python 3.9 or later with google-genai; with Pillow where pixels are touched. */
export function pythonSnippet(facts: SnippetFacts): string {
  const images = planImages(facts, (fileType) => OPENED.includes(fileType));
  const frame = boxFrame(facts);
  const savesMasks = frame !== undefined && facts.request.task === 'segment';
  const renders = images.some(({ rendering }) => rendering !== undefined);
  const usesPillow = savesMasks || renders;
  const needsIo = renders || savesMasks;
  const imports = [
    ...(savesMasks ? ['base64'] : []),
    ...(needsIo ? ['io'] : []),
    ...(frame === undefined ? [] : ['json']),
    ...(facts.vertex === undefined ? ['os'] : []),
    ...(savesMasks ? ['math', 're'] : []),
  ];
  return [
    ...headLines(facts, `pip install google-genai${usesPillow ? ' pillow' : ''}`).map((line) => `# ${line}`),
    '',
    ...imports.map((name) => `import ${name}`),
    '',
    'from google import genai',
    'from google.genai import types',
    ...(usesPillow ? [`from PIL import Image, ImageOps`] : []),
    '',
    'client = genai.Client(',
    ...signIn(facts).map((line) => `${STEP}${line}`),
    `    http_options=types.HttpOptions(${httpOptions(facts)}),`,
    ')',
    '',
    ...(renders ? ['', ...RENDER] : []),
    ...(savesMasks ? [...(renders ? [] : ['']), ...FILL] : []),
    ...images.flatMap((image) => [...readImage(image), '']),
    ...generate(facts, images),
    '',
    ...(frame === undefined ? ['print(response.text)'] : readBoxes(facts, images)),
    '',
  ].join('\n');
}

function signIn({ vertex }: SnippetFacts): string[] {
  if (vertex === undefined) return ['api_key=os.environ["GEMINI_API_KEY"],'];
  return ['vertexai=True,', `project=${literal(vertex.project)},`, `location=${literal(vertex.location)},`];
}

function httpOptions(facts: SnippetFacts): string {
  const timeout = timeoutOf(facts);
  return [
    `api_version="${facts.vertex === undefined ? 'v1beta' : 'v1beta1'}"`,
    ...(facts.baseUrl === undefined ? [] : [`base_url=${literal(facts.baseUrl)}`]),
    ...(timeout === undefined ? [] : [`timeout=${timeout}`]),
  ].join(', ');
}

/** What Pillow opens without plug-ins. */
const OPENED: readonly string[] = ['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/bmp', 'image/tiff', 'image/avif'];

const RENDER = [
  'def render(path, format, black=(), crop=None, size=None):',
  '    """The first picture of a file as it is sent: upright, blacked out, cropped, scaled, without metadata."""',
  '    picture = ImageOps.exif_transpose(Image.open(path)).convert("RGB" if format == "JPEG" else "RGBA")',
  '    for box in black:',
  '        picture.paste((0, 0, 0), box)',
  '    if crop:',
  '        picture = picture.crop(crop)',
  '    if size:',
  '        picture = picture.resize(size, Image.Resampling.LANCZOS)',
  '    data = io.BytesIO()',
  '    picture.save(data, format, quality=90)',
  '    return data.getvalue()',
  '',
  '',
];

const FILL = [
  'def fill(mask, outline):',
  '    """Makes the pixels white whose middles are inside."""',
  '    edges = list(zip(outline, outline[1:] + outline[:1]))',
  '    for y in range(mask.height):',
  '        middle = y + 0.5',
  '        crossed = [(a, b) for a, b in edges if (a[1] <= middle) != (b[1] <= middle)]',
  '        places = sorted(math.ceil(a[0] + (middle - a[1]) / (b[1] - a[1]) * (b[0] - a[0]) - 0.5) for a, b in crossed)',
  '        for start, end in zip(places[::2], places[1::2]):',
  '            mask.paste(255, (start, y, end, y + 1))',
  '',
  '',
];

function readImage({ suffix, path, mimeType, source, rendering, notes, part }: PlannedImage): string[] {
  const name = `image${suffix}`;
  const comment = notes.map((note) => `# ${note}`);
  const upload = source.kind === 'file';
  if (source.kind === 'url')
    return [`${name} = ${partOf(part, `file_data=types.FileData(file_uri=${literal(source.url)}, mime_type=${literal(mimeType)})`)}`];
  const inline = (data: string) => `${name} = ${partOf(part, `inline_data=types.Blob(data=${data}, mime_type=${literal(mimeType)})`)}`;
  const uploaded = (file: string) => [
    `uploaded${suffix} = client.files.upload(file=${file}, config=types.UploadFileConfig(mime_type=${literal(mimeType)}))`,
  ];
  const ofUploaded = `${name} = ${partOf(part, `file_data=types.FileData(file_uri=uploaded${suffix}.uri, mime_type=uploaded${suffix}.mime_type)`)}`;
  if (rendering !== undefined) {
    const { crop, redactions, scaled } = rendering;
    const format = literal(rendering.mimeType.replace('image/', '').toUpperCase());
    const more = [
      ...(redactions.length === 0 ? [] : [`black=[${redactions.map(corners).join(', ')}]`]),
      ...(crop === undefined ? [] : [`crop=${corners(crop)}`]),
      ...(scaled === undefined ? [] : [`size=(${scaled.width}, ${scaled.height})`]),
    ];
    const rendered = `render(${[literal(path), format, ...more].join(', ')})`;
    return [...comment, ...(upload ? [...uploaded(`io.BytesIO(${rendered})`), ofUploaded] : [inline(rendered)])];
  }
  const open = `with open(${literal(path)}, "rb") as file:`;
  if (upload) return [...comment, open, ...indented(uploaded('file'), STEP), ofUploaded];
  return [...comment, open, `${STEP}${inline('file.read()')}`];
}

/** Left, top, right, bottom, as Pillow takes them. */
function corners({ x, y, width, height }: Box): string {
  return `(${x}, ${y}, ${x + width}, ${y + height})`;
}

function partOf({ mediaResolution }: PlannedImage['part'], data: string): string {
  const resolution = mediaResolution === undefined ? '' : `, media_resolution=types.PartMediaResolution(level=${literal(mediaResolution)})`;
  return `types.Part(${data}${resolution})`;
}

function generate({ request }: SnippetFacts, images: readonly PlannedImage[]): string[] {
  const settings = config(request.config);
  return [
    'response = client.models.generate_content(',
    `${STEP}model=${literal(request.model)},`,
    `${STEP}contents=[`,
    ...request.turns.flatMap(({ role, parts }) => [
      ...indented([`types.Content(role=${literal(role)}, parts=[`], STEP, 2),
      ...parts.flatMap((part) =>
        part.kind === 'image'
          ? [`${STEP.repeat(3)}image${images.find((image) => image.part === part)?.suffix ?? ''},`]
          : indented(text('types.Part(text=', part.text, '),'), STEP, 3),
      ),
      `${STEP.repeat(2)}]),`,
    ]),
    `${STEP}],`,
    ...(settings.length === 0 ? [] : [`${STEP}config=types.GenerateContentConfig(`, ...indented(settings, STEP, 2), `${STEP}),`]),
    ')',
  ];
}

function config(config: SnippetFacts['request']['config']): string[] {
  const { responseMimeType, responseSchema, mediaResolution, thinkingConfig, systemInstruction, safetySettings, serviceTier } = config;
  const thinking =
    thinkingConfig &&
    ('thinkingBudget' in thinkingConfig
      ? `thinking_budget=${thinkingConfig.thinkingBudget}`
      : `thinking_level=${literal(thinkingConfig.thinkingLevel)}`);
  return [
    ...(responseMimeType === undefined ? [] : [`response_mime_type=${literal(responseMimeType)},`]),
    ...(responseSchema === undefined ? [] : [`response_schema=${schema(responseSchema)},`]),
    ...(mediaResolution === undefined ? [] : [`media_resolution=${literal(mediaResolution)},`]),
    ...(thinking === undefined ? [] : [`thinking_config=types.ThinkingConfig(${thinking}),`]),
    ...(systemInstruction === undefined ? [] : text('system_instruction=', systemInstruction, ',')),
    ...(safetySettings === undefined
      ? []
      : [
          'safety_settings=[',
          ...safetySettings.map(
            ({ category, threshold }) => `${STEP}types.SafetySetting(category=${literal(category)}, threshold=${literal(threshold)}),`,
          ),
          '],',
        ]),
    ...(serviceTier === undefined ? [] : [`service_tier=${literal(serviceTier)},`]),
  ];
}

function schema(form: ResponseSchema): string {
  const type = `type=${literal(form.type)}`;
  if (form.type === 'ARRAY') return `types.Schema(${type}, items=${schema(form.items)})`;
  if (form.type !== 'OBJECT') return `types.Schema(${type})`;
  const properties = Object.entries(form.properties).map(([name, one]) => `${literal(name)}: ${schema(one)}`);
  const words = (names: readonly string[]) => `[${names.map(literal).join(', ')}]`;
  return `types.Schema(${type}, properties={${properties.join(', ')}}, required=${words(form.required)}, property_ordering=${words(form.propertyOrdering)})`;
}

/** A text between two pieces of code, a line each. */
function text(before: string, words: string, after: string): string[] {
  const [only, ...others] = lineLiterals(words);
  if (others.length === 0) return [`${before}${only}${after}`];
  return [`${before}(`, ...indented([only as string, ...others], STEP), `)${after}`];
}

function readBoxes(facts: SnippetFacts, images: readonly PlannedImage[]): string[] {
  const frame = boxFrame(facts);
  const [image] = facts.images;
  if (frame === undefined || image === undefined) return [];
  const masks = facts.request.task === 'segment';
  const path = images[0]?.path ?? '';
  const overlays = masks && path !== '' && (OPENED.includes(image.fileType) || path !== image.path);
  return [
    '# box_2d is [ymin, xmin, ymax, xmax], from 0 to 1000 of the picture that was sent.',
    `LEFT, TOP, WIDTH, HEIGHT = ${frame.x}, ${frame.y}, ${frame.width}, ${frame.height}  # Its place in the upright picture, in pixels.`,
    '',
    'answer = response.text or ""',
    'items = json.loads(answer[answer.index("["):answer.rindex("]") + 1])',
    ...(overlays ? [`picture = ImageOps.exif_transpose(Image.open(${literal(path)})).convert("RGB")`] : []),
    'for i, item in enumerate(items):',
    ...indented(
      [
        'label = str(item.get("label", ""))',
        'if len(item.get("box_2d") or []) != 4:',
        `${STEP}print(f"{label}: {item}")`,
        `${STEP}continue`,
        'ymin, xmin, ymax, xmax = item["box_2d"]',
        'x0, x1 = sorted(int(LEFT + min(1000, max(0, x)) / 1000 * WIDTH) for x in (xmin, xmax))',
        'y0, y1 = sorted(int(TOP + min(1000, max(0, y)) / 1000 * HEIGHT) for y in (ymin, ymax))',
        'print(f"{label}: x {x0}, y {y0}, width {x1 - x0}, height {y1 - y0}")',
        ...(masks ? saveMask(image, overlays) : []),
      ],
      STEP,
    ),
  ];
}

/** A mask is a map of its box, to be stretched over it and cut in the middle, or an outline in 0 to 1000 of the picture. */
function saveMask({ width, height }: SnippetFacts['images'][number], overlays: boolean): string[] {
  return [
    '',
    `mask = Image.new("L", (${width}, ${height}))`,
    'found = item.get("mask")',
    'if isinstance(found, list) and len(found) > 2:',
    `${STEP}inside = [[min(1000, max(0, value)) for value in point] for point in found]`,
    `${STEP}outline = [(LEFT + x / 1000 * WIDTH, TOP + y / 1000 * HEIGHT) for x, y in inside]`,
    `${STEP}fill(mask, outline)`,
    'elif isinstance(found, str) and found.startswith(("data:image/png;base64,", "iVBOR")) and x1 > x0 and y1 > y0:',
    `${STEP}small = Image.open(io.BytesIO(base64.b64decode(found.removeprefix("data:image/png;base64,")))).convert("L")`,
    `${STEP}stretched = small.resize((x1 - x0, y1 - y0), Image.Resampling.BILINEAR)`,
    `${STEP}mask.paste(stretched.point(lambda value: 255 if value > 127 else 0), (x0, y0))`,
    'else:',
    `${STEP}print("  Its mask cannot be read.")`,
    `${STEP}continue`,
    'name = re.sub(r"[^\\w-]+", "_", label).strip("_")[:60] or "object"',
    'mask.save(f"{name}_{i}_mask.png")',
    ...(overlays
      ? [
          'colour = Image.new("RGB", picture.size, (105, 193, 252))',
          'Image.composite(colour, picture, mask.point(lambda value: value * 3 // 5)).save(f"{name}_{i}_overlay.png")',
        ]
      : []),
  ];
}

const STEP = '    ';
