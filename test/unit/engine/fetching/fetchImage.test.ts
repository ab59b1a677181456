import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import { isPublicAddress } from '../../../../src/core/base/publicAddress.ts';
import { anyGet } from '../../../../src/engine/fetching/anyGet.ts';
import { type FetchOptions, fetchImage } from '../../../../src/engine/fetching/fetchImage.ts';
import { TIME_LIMITS } from '../../../../src/engine/fetching/fetchTimeout.ts';
import { publicGet } from '../../../../src/engine/fetching/publicGet.ts';
import { readAddress } from '../../../../src/engine/fetching/webAddress.ts';
import type { WebGet } from '../../../../src/engine/fetching/webReply.ts';
import { startWebServer, type WebAnswer, type WebServer } from '../../../fakes/webServer.ts';
import { png } from '../../../fixtures/images.ts';

const IMAGE = png(64, 48);
const PAGE = '<!doctype html><title>Sign in: hunter2</title>';

let server: WebServer;
before(async () => {
  server = await startWebServer();
});
after(() => server.close());
beforeEach(() => {
  server.requests.length = 0;
  server.answers.clear();
});

/** Fetches with both ways of fetching: everything here is the same for them. The public one is told that this computer is public. */
const WAYS: Readonly<Record<string, WebGet>> = {
  'the way of typed addresses': anyGet((...request) => globalThis.fetch(...request)),
  'the way of all others': publicGet({ resolve: async () => [{ address: '127.0.0.1', family: 4 }], isPublic: () => true }),
};

function fetcher(get: WebGet) {
  return async (address: string, options: Partial<FetchOptions> = {}) => {
    const chunks: Uint8Array[] = [];
    const take = async (chunk: Uint8Array) => void chunks.push(chunk);
    const signal = new AbortController().signal;
    const given = address.startsWith('/') ? server.url + address : address;
    const type = await fetchImage(readAddress(given), { get, mostBytes: 1e6, limits: TIME_LIMITS, signal, take, ...options });
    return { type, bytes: Buffer.concat(chunks) };
  };
}

const sends =
  (body: string | Uint8Array, headers: Record<string, string | number> = {}, status = 200): WebAnswer =>
  (response) =>
    void response.writeHead(status, headers).end(body);

const leadsTo =
  (location: string, status = 302): WebAnswer =>
  (response) =>
    void response.writeHead(status, { location }).end(PAGE);

/** Counts the bytes that are handed over. */
function counter() {
  let bytes = 0;
  const take = async (chunk: Uint8Array) => {
    bytes += chunk.length;
  };
  return { take, handed: () => bytes };
}

async function failure(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => assert.fail('it did not fail'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof InspectorError, String(error));
  const words = `${error.reason}: ${error.message} ${error.detail}`.trim();
  assert.doesNotMatch(words, /secret|hunter2|doctype|[?#]/, 'nothing of the server or of the query is told');
  return words;
}

for (const [way, get] of Object.entries(WAYS)) {
  suite(way, () => {
    const fetched = fetcher(get);

    test('an image comes as it is, with its type by its bytes', async () => {
      server.answers.set('/cat', sends(IMAGE, { 'content-type': 'text/plain' }));
      const { type, bytes } = await fetched('/cat?size=2#part');
      assert.equal(type, 'image/png');
      assert.deepEqual(bytes, Buffer.from(IMAGE));
      const { url, method, headers } = server.requests[0] ?? assert.fail();
      assert.equal(`${method} ${url}`, 'GET /cat?size=2');
      for (const header of ['cookie', 'referer', 'origin', 'authorization']) assert.equal(headers[header], undefined, header);
    });

    test('progress tells what has come and what is to come', async () => {
      const big = Buffer.concat([IMAGE, Buffer.alloc(50_000)]);
      server.answers.set('/cat', sends(big, { 'content-length': big.length }));
      const told: { bytes: number; total?: number }[] = [];
      await fetched('/cat', { onProgress: (progress) => told.push(progress) });
      assert.deepEqual(told.at(-1), { bytes: big.length, total: big.length });
    });

    test('redirects are followed, also to a relative address, and no cookie goes along', async () => {
      for (const [index, status] of [301, 302, 303, 307, 308].entries()) {
        server.answers.set(`/${index}`, (response) =>
          response.writeHead(status, { location: `../../${index + 1}`, 'set-cookie': 'a=b' }).end(),
        );
      }
      server.answers.set('/5', sends(IMAGE));
      assert.equal((await fetched('/0')).type, 'image/png');
      assert.deepEqual(
        server.requests.map(({ url, headers }) => `${url} ${headers.cookie}`),
        [0, 1, 2, 3, 4, 5].map((index) => `/${index} undefined`),
      );
    });

    test('redirects that do not end, or lead nowhere, are given up', async () => {
      server.answers.set('/loop', leadsTo('/loop'));
      assert.match(await failure(fetched('/loop')), /^network: .* redirects too many times\.$/);
      assert.equal(server.requests.length, 11);
      server.answers.set('/nowhere', (response) => response.writeHead(302).end());
      assert.match(await failure(fetched('/nowhere')), /^network: .* redirects, but does not say where\.$/);
    });

    test('a redirect to what is no web address, or has credentials, is not followed', async () => {
      for (const location of [
        'file:///etc/passwd',
        'data:image/png;base64,AAAA',
        'ftp://127.0.0.1/a.png',
        server.url.replace('//', '//user:hunter2@'),
      ]) {
        server.answers.set('/away', leadsTo(location));
        assert.match(await failure(fetched('/away')), /^network: This address cannot be fetched\./, location);
      }
      assert.equal(server.requests.length, 4);
    });

    test('a web page is no image, whatever it is called', async () => {
      for (const type of ['image/png', 'text/html']) {
        server.answers.set('/cat.png', sends(PAGE, { 'content-type': type }));
        assert.equal(
          await failure(fetched('/cat.png')),
          'unreadableImage: There is no readable image at this address. A web page came instead of an image.',
        );
      }
      server.answers.set('/cat.png', sends('hunter2', { 'content-type': 'image/png' }));
      assert.match(await failure(fetched('/cat.png')), /^unreadableImage: .* no known image type/);
      server.answers.set('/cat.png', sends(''));
      assert.match(await failure(fetched('/cat.png')), /^unreadableImage: .* It is empty\./);
    });

    test('what does not begin like an image is not handed over, and not fetched to its end', async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      server.answers.set('/endless', (response) => {
        response.on('close', resolve);
        response.writeHead(200, { 'content-type': 'image/png' }).write(Buffer.alloc(10_000, 'x'));
      });
      const handed: Uint8Array[] = [];
      assert.match(await failure(fetched('/endless', { take: async (chunk) => void handed.push(chunk) })), /^unreadableImage/);
      assert.deepEqual(handed, []);
      await promise;
    });

    test('statuses become clear words', async () => {
      const expected: [number, RegExp][] = [
        [401, /does not give out this image \(401\)/],
        [403, /does not give out this image \(403\)/],
        [404, /No image found at this address \(404\)/],
        [410, /No image found at this address \(410\)/],
        [429, /Too many requests to .* \(429\)/],
        [500, /an error of its own \(500\)/],
        [503, /an error of its own \(503\)/],
        [304, /sent no image \(304\)/],
        [418, /sent no image \(418\)/],
      ];
      for (const [status, words] of expected) {
        server.answers.set('/cat', sends(status === 304 ? '' : 'secret', {}, status));
        assert.match(await failure(fetched('/cat?token=hunter2')), words);
      }
    });

    test('an image over the limit is refused by its length, before its body', async () => {
      server.answers.set('/big', (response) => response.writeHead(200, { 'content-length': 2_000_000 }).write(IMAGE));
      assert.equal(await failure(fetched('/big')), 'tooLarge: The image at this address is larger than 1 MB. The limit is a setting.');
    });

    test('a length that is not true does not help: what comes is counted', async () => {
      server.answers.set('/stream', (response) => {
        response.writeHead(200).write(IMAGE);
        const more = () => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536)));
        };
        response.on('drain', more);
        more();
      });
      const { take, handed } = counter();
      assert.match(await failure(fetched('/stream', { take })), /^tooLarge/);
      assert.ok(handed() <= 1e6, `${handed()}`);
    });

    test('a packed body is unpacked, and counted unpacked', async () => {
      server.answers.set('/packed', sends(gzipSync(IMAGE), { 'content-encoding': 'gzip' }));
      assert.deepEqual((await fetched('/packed')).bytes, Buffer.from(IMAGE));
      server.answers.set('/packed', sends(brotliCompressSync(IMAGE), { 'content-encoding': 'br' }));
      assert.deepEqual((await fetched('/packed')).bytes, Buffer.from(IMAGE));
      const bomb = gzipSync(Buffer.concat([IMAGE, Buffer.alloc(50e6)]));
      assert.ok(bomb.length < 100_000);
      server.answers.set('/bomb', sends(bomb, { 'content-encoding': 'gzip', 'content-length': bomb.length }));
      const { take, handed } = counter();
      assert.match(await failure(fetched('/bomb', { take })), /^tooLarge/);
      assert.ok(handed() <= 1e6, `${handed()}`);
    });

    test('a body that cannot be unpacked, or that breaks off, is no image', async () => {
      server.answers.set('/packed', sends(IMAGE, { 'content-encoding': 'gzip' }));
      assert.match(await failure(fetched('/packed')), /^network: .* was lost before the image was complete/);
      server.answers.set('/short', (response) => {
        response.writeHead(200, { 'content-length': IMAGE.length * 2 }).write(IMAGE, () => response.destroy());
      });
      assert.match(await failure(fetched('/short')), /^network: .* was lost before the image was complete/);
    });

    test('a server that does not answer, or stops, is given up, with the reason', async () => {
      server.answers.set('/silent', () => undefined);
      const limits = { answer: 50, stall: 50, total: 10_000 };
      assert.match(await failure(fetched('/silent', { limits })), /^timeout: 127\.0\.0\.1:\d+ did not answer within/);
      server.answers.set('/stalled', (response) => response.writeHead(200).write(IMAGE));
      assert.match(await failure(fetched('/stalled', { limits: { ...limits, answer: 10_000 } })), /^timeout: .* sent nothing more/);
    });

    test('a server that never ends is given up after the whole time', async () => {
      server.answers.set('/slow', (response) => {
        response.writeHead(200).write(IMAGE);
        const drops = setInterval(() => response.write(' '), 5);
        response.on('close', () => clearInterval(drops));
      });
      assert.match(
        await failure(fetched('/slow', { limits: { answer: 10_000, stall: 10_000, total: 150 } })),
        /^timeout: The image was not fetched/,
      );
    });

    test('a cancel ends it at once, before and within the answer', async () => {
      for (const begin of [() => undefined, ((response) => response.writeHead(200).write(IMAGE)) as WebAnswer]) {
        const controller = new AbortController();
        const { promise: gone, resolve } = Promise.withResolvers<void>();
        server.answers.set('/wait', (response, message) => {
          response.on('close', resolve);
          begin(response, message);
          controller.abort(new InspectorError('cancelled', 'Cancelled.'));
        });
        assert.equal(await failure(fetched('/wait', { signal: controller.signal })), 'cancelled: Cancelled.');
        await gone;
      }
    });

    test('a server that is not there says so', async () => {
      const other = await startWebServer();
      await other.close();
      assert.match(
        await failure(fetched(`${other.url}/a.png`)),
        /^network: 127\.0\.0\.1:\d+ cannot be reached\. It does not take connections\./,
      );
    });

    test('a place that takes no more is no fault of the server', async () => {
      server.answers.set('/cat', sends(IMAGE));
      const full = Object.assign(new Error('disk full'), { code: 'ENOSPC' });
      await assert.rejects(fetched('/cat', { take: () => Promise.reject(full) }), full);
    });
  });
}

suite('addresses that are not typed', () => {
  test('lead to public servers only', async () => {
    const fetched = fetcher(publicGet());
    server.answers.set('/cat.png', sends(IMAGE));
    const { port } = server;
    for (const host of [
      '127.0.0.1',
      'localhost',
      '[::1]',
      '0.0.0.0',
      '[::]',
      '2130706433',
      '0x7f000001',
      '0177.0.0.1',
      '127.1',
      '[::ffff:127.0.0.1]',
      '10.0.0.1',
      '192.168.1.1',
      '169.254.169.254',
      '100.64.0.1',
      '[fe80::1]',
      '[fd00:ec2::254]',
      '[64:ff9b::7f00:1]',
    ]) {
      assert.match(await failure(fetched(`http://${host}:${port}/cat.png`)), /^network: .* is not on the public internet\./, host);
    }
    assert.deepEqual(server.requests, []);
  });

  test('a name is refused when any of its numbers is not public', async () => {
    const resolve = async () => [
      { address: '8.8.8.8', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ];
    assert.match(
      await failure(fetcher(publicGet({ resolve, isPublic: isPublicAddress }))('http://mixed.test/')),
      /not on the public internet/,
    );
    assert.match(
      await failure(fetcher(publicGet({ resolve: async () => [], isPublic: isPublicAddress }))('http://none.test/')),
      /not on the public internet/,
    );
  });

  /** For these tests 127.0.0.1 is the public internet, and 127.0.0.2 the inside of a network. */
  const isPublic = (address: string) => address === '127.0.0.1';

  test('a redirect is looked at like a first address', async () => {
    const resolve = async (host: string) => [{ address: host === 'inside.test' ? '127.0.0.2' : '127.0.0.1', family: 4 }];
    const fetched = fetcher(publicGet({ resolve, isPublic }));
    const { port } = server;
    server.answers.set('/cat.png', sends(IMAGE));
    server.answers.set('/ok', leadsTo(`http://other.test:${port}/cat.png`));
    assert.equal((await fetched(`http://public.test:${port}/ok`)).type, 'image/png');
    assert.equal(server.requests.length, 2);
    for (const inside of ['inside.test', '127.0.0.2', '[::1]', '2130706434']) {
      server.answers.set('/in', leadsTo(`http://${inside}:${port}/cat.png`));
      assert.match(await failure(fetched(`http://public.test:${port}/in`)), /not on the public internet/, inside);
    }
    assert.equal(server.requests.filter(({ url }) => url === '/cat.png').length, 1);
  });

  test('a name that changes its number after it was looked at gains nothing', async () => {
    const answers = ['127.0.0.1', '127.0.0.2'];
    let asked = 0;
    const resolve = async () => [{ address: answers[asked++] ?? '127.0.0.2', family: 4 }];
    const fetched = fetcher(publicGet({ resolve, isPublic }));
    server.answers.set('/cat.png', sends(IMAGE));
    const { type } = await fetched(`http://rebinding.test:${server.port}/cat.png`);
    assert.equal(type, 'image/png');
    assert.equal(asked, 1, 'the connection asks nobody again');
    const [request] = server.requests;
    assert.equal(request?.headers.host, `rebinding.test:${server.port}`);
    assert.match(await failure(fetched(`http://rebinding.test:${server.port}/cat.png`)), /not on the public internet/);
    assert.equal(server.requests.length, 1);
  });

  test('a name that cannot be resolved says so, and a cancel does not wait for it', async () => {
    const resolve = async () => {
      throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    };
    assert.match(
      await failure(fetcher(publicGet({ resolve, isPublic }))('http://none.test/')),
      /^network: none\.test cannot be reached\. There is no server/,
    );
    const controller = new AbortController();
    const never = fetcher(publicGet({ resolve: () => new Promise(() => undefined), isPublic }));
    const waiting = failure(never('http://slow.test/', { signal: controller.signal }));
    controller.abort(new InspectorError('cancelled', 'Cancelled.'));
    assert.equal(await waiting, 'cancelled: Cancelled.');
  });
});
