/** How fast, and for what price, a request is answered: the API's service tiers, and jobs. */
export const SPEEDS = ['standard', 'flex', 'priority', 'batch'] as const;
export type Speed = (typeof SPEEDS)[number];

/** Those that can be asked for a single request. */
export const ASKED_SPEEDS = ['standard', 'flex'] as const satisfies readonly Speed[];
export type AskedSpeed = (typeof ASKED_SPEEDS)[number];

/**
 * What a speed costs, as a share of the standard price: flex and batch are half by the documentation. What priority costs was nowhere to be read; it is
 * counted as double, so that no sum is too low.
 */
export const SPEED_SHARE: Readonly<Record<Speed, number>> = { standard: 1, flex: 0.5, priority: 2, batch: 0.5 };

/** Flex answers within 1 to 15 minutes by the documentation, so it is given at least so many milliseconds. */
export const FLEX_TIMEOUT = 900_000;

/** The tier that has answered, by `usageMetadata.serviceTier`; undefined for none and for a word that is not known. */
export function readSpeed(tier: unknown): Speed | undefined {
  return typeof tier === 'string'
    ? SPEEDS.find(
        (speed) =>
          speed ===
          tier
            .trim()
            .toLowerCase()
            .replace(/^service_tier_/, ''),
      )
    : undefined;
}

/** The same by `usageMetadata.trafficType`, which is the word of Vertex AI for it; what has no price of its own is undefined. */
export function readTraffic(type: unknown): Speed | undefined {
  return typeof type === 'string' && Object.hasOwn(TRAFFIC, type) ? TRAFFIC[type] : undefined;
}

const TRAFFIC: Readonly<Record<string, Speed>> = { ON_DEMAND: 'standard', ON_DEMAND_PRIORITY: 'priority', ON_DEMAND_FLEX: 'flex' };
