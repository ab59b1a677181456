export const VENDORED: readonly string[];
export function copyVendored(root: string, target: string): Promise<string[]>;
