import type { ReceivedRequest } from './receivedRequest.ts';

/** What a request asks for, by the words of its last turn. */
export type AskedFor =
  /** `points`: with the places of what is named. */
  | { kind: 'caption'; points: boolean }
  | { kind: 'boxes' | 'masks' }
  | { kind: 'text' }
  | { kind: 'labels'; choice: string[] | undefined }
  | { kind: 'question'; question: string; isFollowUp: boolean; points: boolean }
  | { kind: 'comparison' };

export function askedFor({ body }: ReceivedRequest): AskedFor {
  const parts = body?.contents?.at(-1)?.parts ?? [];
  const words = parts.map(({ text }) => text ?? '').join('\n');
  const points = /write a JSON list/.test(words);
  const question = /^Answer this (?:next )?question about .*?: (".*")$/m.exec(words)?.[1];
  if (question !== undefined)
    return { kind: 'question', question: JSON.parse(question), isFollowUp: (body?.contents?.length ?? 0) > 1, points };
  if (/^Describe this image/m.test(words)) return { kind: 'caption', points };
  if (/^Compare these images/m.test(words)) return { kind: 'comparison' };
  if (/^Transcribe /m.test(words)) return { kind: 'text' };
  if (/^Classify this image/m.test(words)) {
    const choice = /which of these labels fit it: (\[.*\])\?$/im.exec(words)?.[1];
    return { kind: 'labels', choice: choice === undefined ? undefined : JSON.parse(choice) };
  }
  if (/box_2d/.test(words)) return { kind: /mask/.test(words) ? 'masks' : 'boxes' };
  return { kind: 'caption', points };
}
