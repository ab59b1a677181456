import ipaddr from 'ipaddr.js';

/** Public by number, but it answers machines in Azure only, with what concerns them. */
const AZURE_HOST = '168.63.129.16';

/**
 * True if an IP address can be anybody's on the internet; false for those of a computer itself, of its network, of a cloud's inside, for every
 * other special range of IANA's registries, and for what is no IP address.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const ip = ipaddr.parse(address);
  if (ip instanceof ipaddr.IPv4) return ip.range() === 'unicast' && ip.toString() !== AZURE_HOST;
  const { parts } = ip;
  const [first = 0, ...others] = parts;
  // A network without IPv4 of its own reaches all of it behind 64:ff9b::/96 (RFC 6052): what counts is the address inside.
  if (first === 0x64 && others[0] === 0xff9b && others.slice(1, 5).every((part) => part === 0)) {
    return isPublicAddress(
      parts
        .slice(6)
        .flatMap((part) => [part >> 8, part & 255])
        .join('.'),
    );
  }
  // Nothing outside 2000::/3 has been given to the public.
  return first >> 13 === 1 && ip.range() === 'unicast';
}
