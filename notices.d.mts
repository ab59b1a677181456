export function packageFolders(paths: readonly string[]): string[];
export function writeNotices(root: string, folders: readonly string[], target: string): Promise<void>;
