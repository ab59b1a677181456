import type { Inspection } from '../inspection/inspection.ts';
import { readText } from './text.ts';
import { innerText, unfenced } from './wholeReply.ts';

/** In characters: how far into a reply a refusal shows. */
const BEGINNING = 300;
/** Longer answers are more than a refusal. */
const LONGEST_REFUSAL = 1000;

/** "I'm sorry, but I can't", "Unable to", and the same in the languages of the extension; the beginning of a reply is lower case and has straight apostrophes. */
const CANNOT =
  /^(?:(?:(?:i'm|i am|we're|we are) )?(?:very |really |so )?(?:sorry|afraid)[,.:;!]? (?:but )?|unfortunately,? |as an ai[a-z ]{0,30}, )?(?:that )?(?:(?:i|we) (?:can't|cannot|can not|couldn't|could not|am unable to|am not able to|are unable to|won't|will not|must decline)|i'm (?:unable|not able) to|unable to|not able to)/;
const CANNOT_ELSEWHERE =
  /^(?:lo siento|lamentablemente|lamento)?[,.]? ?(?:pero )?(?:no puedo|no me es posible)|^(?:很?抱歉|很遺憾|很遗憾|對不起|对不起)?[，,。]? ?(?:但)?我(?:們|们)?(?:無法|无法|不能)/;
/** What a model says that it cannot do: a picture may have "I can't believe it" as its text. */
const OF_A_MODEL =
  /\b(?:help|assist|identif|recogni[sz]|read|transcri|extract|process|describ|provide|fulfil|comply|view|access|analy[sz]|determin|detect|segment|classif|locat|complet|perform|generat|answer|request|image|picture|photo|ayud|identific|leer|transcrib|proces|proporcion|acced|analiz|clasific|complet|imagen|solicitud|協助|帮助|幫助|辨識|识别|識別|讀取|读取|處理|处理|提供|分析|分類|分类|描述|圖片|图片|影像|图像|圖像)|[協幫帮辨識识讀读處处提分描圖图影]/;

/** True for a reply that says in so many words that the model does not do what it was asked. */
export function isRefusal(reply: string): boolean {
  const whole = readText(reply);
  const text = innerText(whole)?.trim() ?? whole;
  if (text.length > LONGEST_REFUSAL) return false;
  const start = text.slice(0, BEGINNING).toLowerCase().replaceAll('’', "'").replace(/\s+/g, ' ');
  const cannot = CANNOT.exec(start) ?? CANNOT_ELSEWHERE.exec(start);
  return cannot !== null && OF_A_MODEL.test(start.slice(cannot[0].length));
}

/** The words, at least two, of a reply that was to be a list and is none; undefined for JSON and what begins like it. */
export function replyInWords(reply: string): string | undefined {
  const text = unfenced(readText(reply));
  const words = innerText(text)?.trim() ?? text;
  return /^[^[{"]/.test(words) && /[\p{L}\p{P}]\s+\p{L}|\p{Script=Han}/u.test(words) ? words : undefined;
}

/** The words with which a model answered in place of the objects or labels that it was asked for; undefined where it gave some, or none in words. */
export function wordsInstead({ task, detections, labels, dropped, raw }: Inspection): string | undefined {
  const found = task === 'classify' ? labels : task === 'detect' || task === 'segment' ? detections : undefined;
  return found?.length === 0 && dropped.length > 0 ? replyInWords(raw) : undefined;
}
