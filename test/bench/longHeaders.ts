import { open } from 'node:fs/promises';
import type { ByteSource } from '../../src/imaging/reading/byteSource.ts';
import { heic, jpeg } from '../fixtures/images.ts';

/** A large file that is zero but for some pieces. */
export interface SparseFile {
  size: number;
  pieces: [offset: number, bytes: Uint8Array][];
}

const HUGE = 200_000_000;

/** Images whose headers are long, or not at the beginning of their files. All are 4032 x 3024 as stored; those named "turned" lie on their side. */
export function longHeaders(): Record<string, SparseFile> {
  const meta = heic(4032, 3024, 1);
  const fileType = meta.subarray(0, 24);
  const turned = exif(6);
  return {
    'JPEG, 200 MB': { size: HUGE, pieces: [[0, jpeg(4032, 3024)]] },
    'JPEG turned, behind 256 kB of metadata': whole(jpeg(4032, 3024, 6, 256_000)),
    'PNG, 200 MB': { size: HUGE, pieces: [[0, pngHeader([])]] },
    'PNG turned, behind 256 kB of metadata': {
      size: HUGE,
      pieces: [[0, pngHeader([pngChunk('iCCP', Buffer.alloc(256_000)), pngChunk('eXIf', turned)])]],
    },
    'HEIC turned, 200 MB': { size: HUGE, pieces: [[0, meta]] },
    'HEIC turned, header at the end of 200 MB': {
      size: HUGE,
      pieces: [
        [0, join(fileType, uint32be(HUGE - meta.length + 58), 'mdat')],
        [HUGE - meta.length + 24 + 58, meta.subarray(24, -58)],
      ],
    },
    'TIFF turned, directory at the end of 200 MB': tiff({ orientation: 6, directory: HUGE - 100, big: false }),
    'BigTIFF, directory at the end of 5 GB': tiff({ orientation: 1, directory: 5_000_000_000, big: true }),
    'WebP turned, EXIF at the end of 200 MB': webpWithExif(turned),
    'GIF, 200 MB': { size: HUGE, pieces: [[0, join('GIF89a', uint16le(4032), uint16le(3024), '\xf7\0\0')]] },
    'BMP, 200 MB': {
      size: HUGE,
      pieces: [
        [
          0,
          join(
            'BM',
            uint32le(HUGE),
            uint32le(0),
            uint32le(54),
            uint32le(40),
            uint32le(4032),
            uint32le(3024),
            [1, 0, 24, 0],
            new Uint8Array(24),
          ),
        ],
      ],
    },
  };
}

/** A file made to lead a reader on and on: segments of nothing. */
export function endlessJpeg(): ByteSource {
  return {
    size: HUGE,
    read: async (offset, length) =>
      Uint8Array.from(
        { length },
        (_, i) => (offset + i < 2 ? [0xff, 0xd8] : [0xff, 0xe2, 0, 2])[offset + i < 2 ? offset + i : (offset + i - 2) % 4] ?? 0,
      ),
  };
}

/** The file as a source that counts what is read of it. */
export function sparseSource({ size, pieces }: SparseFile): ByteSource & { bytesRead: number } {
  return {
    size,
    bytesRead: 0,
    async read(offset, length) {
      const result = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      for (const [start, bytes] of pieces) {
        const from = Math.max(offset, start);
        const to = Math.min(offset + result.length, start + bytes.length);
        if (from < to) result.set(bytes.subarray(from - start, to - start), from - offset);
      }
      this.bytesRead += result.length;
      return result;
    },
  };
}

/** Writes the file with holes where it is zero, so that it takes no room. */
export async function writeSparse(path: string, { size, pieces }: SparseFile): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.truncate(size);
    for (const [offset, bytes] of pieces) await file.write(bytes, 0, bytes.length, offset);
  } finally {
    await file.close();
  }
}

/** A TIFF header and the first directory, with a value of another kind before the size. */
function tiff({ orientation, directory, big }: { orientation: number; directory: number; big: boolean }): SparseFile {
  const word = big ? uint64le : uint32le;
  const tags: [number, number][] = [
    [0x100, 4032],
    [0x101, 3024],
    [0x106, 1], // grey
    [0x112, orientation],
  ];
  const entries = tags.map(([tag, value]) => join(uint16le(tag), uint16le(3), word(1), uint16le(value), new Uint8Array(big ? 6 : 2)));
  const text = join(uint16le(0xfe), uint16le(2), word(9), word(0));
  const listed = join(big ? uint64le(5) : uint16le(5), text, ...entries);
  const head = big ? join('II+\0', uint16le(8), uint16le(0), uint64le(directory)) : join('II*\0', uint32le(directory));
  return {
    size: directory + listed.length + 8,
    pieces: [
      [0, head],
      [directory, listed],
    ],
  };
}

function exif(orientation: number): Uint8Array {
  return join('MM\0*', [0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]);
}

/** A PNG up to its pixels. Checksums are not looked at. */
function pngHeader(chunks: readonly Uint8Array[]): Uint8Array {
  const header = pngChunk('IHDR', join(uint32be(4032), uint32be(3024), [8, 2, 0, 0, 0]));
  return join('\x89PNG\r\n\x1a\n', header, ...chunks, uint32be(HUGE), 'IDAT');
}

function pngChunk(name: string, data: Uint8Array): Uint8Array {
  return join(uint32be(data.length), name, data, [0, 0, 0, 0]);
}

function webpWithExif(block: Uint8Array): SparseFile {
  const flags = 0x08; // has EXIF
  const side = (value: number) => uint32le(value - 1).subarray(0, 3);
  const end = HUGE - block.length - 8;
  const head = join(
    'RIFF',
    uint32le(HUGE - 8),
    'WEBPVP8X',
    uint32le(10),
    [flags, 0, 0, 0],
    side(4032),
    side(3024),
    'VP8 ',
    uint32le(end - 38),
  );
  return {
    size: HUGE,
    pieces: [
      [0, head],
      [end, join('EXIF', uint32le(block.length), block)],
    ],
  };
}

function whole(bytes: Uint8Array): SparseFile {
  return { size: bytes.length, pieces: [[0, bytes]] };
}

function join(...parts: (string | Uint8Array | number[])[]): Uint8Array {
  return Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))));
}

function bytesOf(length: number, write: (view: DataView) => void): Uint8Array {
  const view = new DataView(new ArrayBuffer(length));
  write(view);
  return new Uint8Array(view.buffer);
}

const uint16le = (value: number) => bytesOf(2, (view) => view.setUint16(0, value, true));
const uint32le = (value: number) => bytesOf(4, (view) => view.setUint32(0, value, true));
const uint64le = (value: number) => bytesOf(8, (view) => view.setBigUint64(0, BigInt(value), true));
const uint32be = (value: number) => bytesOf(4, (view) => view.setUint32(0, value));
