import { t } from '../base/l10n.ts';
import { sanitizeForUi } from '../base/sanitizeForUi.ts';

/**
 * How the API says that an answer ended, by `finishReason`, in a sentence each; STOP is the ordinary end. Functions, because translations arrive after
 * this module has loaded. A new value of the SDK's enum that is missing here fails a test.
 */
const ENDINGS: Readonly<Record<string, (word: string) => string>> = {
  FINISH_REASON_UNSPECIFIED: (word) => t('Gemini ended its answer without saying why ({0}).', word),
  MAX_TOKENS: (word) => t('The answer reached the output limit ({0}).', word),
  SAFETY: (word) => t("Gemini's safety filters stopped the answer ({0}).", word),
  RECITATION: (word) => t('Gemini stopped because its answer may repeat the work of others ({0}).', word),
  LANGUAGE: (word) => t('Gemini does not support the language of the answer ({0}).', word),
  OTHER: (word) => t('Gemini stopped for a reason that it does not name ({0}).', word),
  BLOCKLIST: (word) => t('The answer was stopped because of a word on a blocklist ({0}).', word),
  PROHIBITED_CONTENT: (word) => t('The answer was stopped because it may have prohibited content ({0}).', word),
  SPII: (word) => t('The answer was stopped because it may have sensitive personal information ({0}).', word),
  MALFORMED_FUNCTION_CALL: (word) => t('Gemini tried to call a tool in a form that is not valid ({0}).', word),
  IMAGE_SAFETY: (word) => t("Gemini's safety filters stopped an image of the answer ({0}).", word),
  IMAGE_PROHIBITED_CONTENT: (word) => t('An image of the answer may have prohibited content ({0}).', word),
  IMAGE_OTHER: (word) => t('Gemini stopped making an image for a reason that it does not name ({0}).', word),
  NO_IMAGE: (word) => t('Gemini should have made an image, but made none ({0}).', word),
  IMAGE_RECITATION: (word) => t('An image of the answer may repeat the work of others ({0}).', word),
  UNEXPECTED_TOOL_CALL: (word) => t('Gemini tried to call a tool that it was not given ({0}).', word),
  TOO_MANY_TOOL_CALLS: (word) => t('Gemini called tools too often to finish its answer ({0}).', word),
  MISSING_THOUGHT_SIGNATURE: (word) => t('The conversation lacks a signature of earlier thoughts ({0}).', word),
  MALFORMED_RESPONSE: (word) => t('Gemini wrote an answer that is not valid ({0}).', word),
  ESCALATION: (word) => t('A rule of Google filtered the request ({0}).', word),
  PUP_LIMITED_DISABLED: (word) => t('Google has limited this account because of its Prohibited Use Policy ({0}).', word),
  CONTINUATION: (word) => t('The answer reached the limit of one request ({0}).', word),
  MODEL_ARMOR: (word) => t('Model Armor blocked the answer ({0}).', word),
};

/** Why the API did not take an image or prompt, by `promptFeedback.blockReason`. */
const REFUSALS: Readonly<Record<string, (word: string) => string>> = {
  BLOCKED_REASON_UNSPECIFIED: (word) => t('Gemini refused this image or prompt without saying why ({0}).', word),
  SAFETY: (word) => t("Gemini's safety filters refused this image or prompt ({0}).", word),
  OTHER: (word) => t('Gemini refused this image or prompt for a reason that it does not name ({0}).', word),
  BLOCKLIST: (word) => t('Gemini refused this image or prompt because of a word on a blocklist ({0}).', word),
  PROHIBITED_CONTENT: (word) => t('Gemini refused this image or prompt because of prohibited content ({0}).', word),
  IMAGE_SAFETY: (word) => t('Gemini refused this image or prompt as unsafe for making images ({0}).', word),
  MODEL_ARMOR: (word) => t('Model Armor blocked this image or prompt ({0}).', word),
  JAILBREAK: (word) => t("The prompt was taken for an attempt to get around Gemini's rules ({0}).", word),
};

/** What it means that an answer ended so, with the API's own word; undefined for a word that is not known, and for STOP. */
export function endingInWords(finishReason: string): string | undefined {
  return Object.hasOwn(ENDINGS, finishReason) ? ENDINGS[finishReason]?.(finishReason) : undefined;
}

/** Why an image or prompt was refused, with the API's own word in the case that it has in the documentation. */
export function refusalInWords(blockReason: string): string {
  const word = sanitizeForUi(blockReason.toUpperCase(), LONGEST_WORD);
  const known = Object.hasOwn(REFUSALS, word) ? REFUSALS[word]?.(word) : undefined;
  return known ?? t('Gemini refused this image or prompt ({0}).', word);
}

const LONGEST_WORD = 60;

/** A word of the API for people, also one that is not known. */
export function shownWord(word: string): string {
  return sanitizeForUi(word, LONGEST_WORD);
}

/** What the API adds in its own words, `finishMessage` or `blockReasonMessage`, as a sentence of ours; empty for nothing. */
export function addedWords(message: string | undefined): string {
  const words = sanitizeForUi(message ?? '', 300);
  return words === '' ? '' : t('Gemini says: {0}', words);
}
