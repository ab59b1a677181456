import { registerHooks } from 'node:module';
import type Sharp from 'sharp';

/** Every build of sharp but the portable one. */
const NATIVE_BUILD = /^@img\/sharp-(?!wasm32\/)/;

let loading: Promise<typeof Sharp> | undefined;

/**
 * The pixel library in its WebAssembly build. The native builds are refused even where they are installed: in VS Code on Linux they meet the system
 * libraries that VS Code itself uses, and bring it down.
 */
export function wasmSharp(): Promise<typeof Sharp> {
  loading ??= load();
  return loading;
}

/**
 * A copy of what the library gives, for all that is kept or handed to another thread. Its buffers lie in its own memory, which threads share, and which it
 * uses anew for other pictures once the buffer itself is let go, whatever still looks into it.
 */
export function ownBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

async function load(): Promise<typeof Sharp> {
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (NATIVE_BUILD.test(specifier)) throw Object.assign(new Error(`${specifier} is not used`), { code: 'MODULE_NOT_FOUND' });
      return next(specifier, context);
    },
  });
  try {
    return (await import('sharp')).default;
  } finally {
    hooks.deregister();
  }
}
