declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
  export interface JpegDecoder {
    /** Room for the file. */
    getEncodedBuffer(length: number): Uint8Array;
    /** Throws what is no Error where the file cannot be decoded. */
    decode(): void;
    getFrameInfo(): { width: number; height: number; componentCount: number };
    /** Its pixels, until it is deleted. */
    getDecodedBuffer(): Uint8Array;
    delete(): void;
  }
  // biome-ignore lint/style/noDefaultExport: that is how the package is made
  export default function load(options: { wasmBinary: Uint8Array; printErr: (text: string) => void }): Promise<{
    JPEGDecoder: new () => JpegDecoder;
  }>;
}
