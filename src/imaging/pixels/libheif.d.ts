declare module 'libheif-js/wasm-bundle.js' {
  export interface HeifImage {
    get_width(): number;
    get_height(): number;
    is_primary(): boolean;
    has_alpha_channel(): boolean;
    /** Writes RGBA, upright, into `target.data`; calls back with null when the picture cannot be decoded. */
    display(target: { data: Uint8Array; width: number; height: number }, done: (target: unknown) => void): void;
    free(): void;
  }
  const libheif: {
    HeifDecoder: new () => {
      /** What was read last; null before. */
      decoder: object | null;
      decode(file: Uint8Array): HeifImage[];
    };
    heif_context_free(context: object): void;
    /** Its memory, which grows and never shrinks. */
    readonly HEAPU8: Uint8Array;
  };
  // biome-ignore lint/style/noDefaultExport: that is how the package is made
  export default libheif;
}
