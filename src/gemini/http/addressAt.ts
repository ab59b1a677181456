import { InvalidResponse } from './transport.ts';

/** Google's own addresses, which a gateway may hand through. */
const GOOGLE_HOST = /(^|\.)googleapis\.com$/;

/**
 * Where an address leads that the server has answered: always to where the user agreed to. Behind a gateway it may name Google itself; the gateway is then
 * asked. Throws for any other address.
 */
export function addressAt(answered: string | null, baseUrl: string): string {
  if (answered === null || !URL.canParse(answered)) throw new InvalidResponse('NO_REPLY');
  const address = new URL(answered);
  if (address.username !== '' || address.password !== '') throw new InvalidResponse('REDIRECTED');
  if (address.origin === new URL(baseUrl).origin) return address.href;
  if (address.protocol !== 'https:' || !GOOGLE_HOST.test(address.hostname)) throw new InvalidResponse('REDIRECTED');
  return `${baseUrl}${address.pathname}${address.search}`;
}
