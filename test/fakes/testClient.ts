import { type GenerateContentResponse, GoogleGenAI } from '@google/genai/web';
import { PNG } from 'pngjs';

/** The SDK, talking to the stand-in at that address. */
export function sdk(url: string, apiKey = 'test-key'): GoogleGenAI {
  return new GoogleGenAI({
    apiKey,
    httpOptions: { baseUrl: url, apiVersion: 'v1beta', fetch: (input, init) => globalThis.fetch(input, init) },
  });
}

/** POSTs a body to a method of a model, without the SDK in between. */
export async function post(
  url: string,
  body: unknown,
  {
    model = 'gemini-3.8-flash',
    method = 'generateContent',
    headers = {},
  }: { model?: string; method?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; text: string; json: Reply }> {
  const response = await fetch(`${url}/v1beta/models/${model}:${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-goog-api-key': 'test-key', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, text, json: text.startsWith('{') ? JSON.parse(text) : {} };
}

/** As much of a reply as the tests look at. */
export interface Reply extends Pick<GenerateContentResponse, 'candidates' | 'usageMetadata'> {
  totalTokens?: number;
  error?: { code: number; message: string; status: string; details?: { reason?: string }[] };
}

/** A grey PNG of that size. */
export function pngOf(width: number, height: number): Buffer {
  const png = new PNG({ width, height });
  png.data.fill(128);
  return PNG.sync.write(png);
}

/** The contents of a request with one picture and a text behind it. */
export function contentsWith(bytes: Buffer, { mimeType = 'image/png', text = 'Describe the picture.' } = {}): object[] {
  return [{ role: 'user', parts: [{ inlineData: { mimeType, data: bytes.toString('base64') } }, { text }] }];
}
