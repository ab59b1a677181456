import assert from 'node:assert/strict';
import { once } from 'node:events';
import http, { type RequestOptions } from 'node:http';
import https, { createServer as createHttpsServer } from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import net, { type AddressInfo, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, afterEach, before, suite, test } from 'node:test';
import tls, { connect as connectTls } from 'node:tls';
import { certificateFor } from '../../../fixtures/certificate.ts';

/**
 * What an editor does that was told of a proxy: whoever asks by Node's `get` or `request` gets its agent, whatever agent he wanted, and the proxy resolves the name.
 * Put in place before what is tested is loaded.
 */
class ProxyAgent extends https.Agent {
  readonly #isSecure: boolean;

  constructor(isSecure: boolean) {
    super();
    this.#isSecure = isSecure;
    if (!isSecure) Object.assign(this, { protocol: 'http:', defaultPort: 80 });
  }

  override createConnection(options: RequestOptions, callback?: (error: Error | null, stream: Socket) => void): undefined {
    const { host, port } = options;
    const socket = net.connect(proxyPort, '127.0.0.1', () => socket.write(`CONNECT ${host}:${port} HTTP/1.1\r\n\r\n`));
    socket.once('data', () => {
      callback?.(null, this.#isSecure ? connectTls({ socket, servername: String(host), ca: certificate?.cert }) : socket);
    });
  }
}
for (const [module, agent] of [
  [http, new ProxyAgent(false)],
  [https, new ProxyAgent(true)],
] as const) {
  for (const name of ['get', 'request'] as const) {
    const original = module[name] as (address: URL, options: RequestOptions, callback?: () => void) => http.ClientRequest;
    Object.assign(module, {
      [name]: (address: URL, options: RequestOptions, callback?: () => void) => original(address, { ...options, agent }, callback),
    });
  }
}
syncBuiltinESMExports();
process.env.HTTPS_PROXY = process.env.HTTP_PROXY = 'http://127.0.0.1:9';
const { publicGet } = await import('../../../../src/engine/fetching/publicGet.ts');

const certificate = certificateFor('public.test');
const needsCertificate =
  certificate === undefined
    ? 'openssl is not there to make a certificate'
    : 'setDefaultCACertificates' in tls
      ? false
      : 'this Node cannot be told to trust a certificate';

let proxyPort = 0;
const proxied: string[] = [];
const secure = createHttpsServer(certificate ?? {}, (message, response) => response.end(`${message.headers.host}${message.url}`));
const open = http.createServer((message, response) => response.end(`${message.headers.host}${message.url}`));
/** Takes the name for one of the inside, as a proxy may that has a resolver of its own. */
const proxy = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.once('data', (bytes) => {
    proxied.push(String(bytes).split('\r\n')[0] as string);
    const port = Number(/:(\d+) /.exec(String(bytes))?.[1]);
    const inside = net.connect(port, '127.0.0.1');
    inside.on('error', () => socket.destroy());
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    socket.pipe(inside).pipe(socket);
  });
});
const portOf = (server: net.Server) => (server.address() as AddressInfo).port;

before(async () => {
  for (const server of [secure, open, proxy]) await once(server.listen(0, '127.0.0.1'), 'listening');
  proxyPort = portOf(proxy);
  if (!needsCertificate && certificate !== undefined) tls.setDefaultCACertificates([certificate.cert]);
});
afterEach(() => {
  proxied.length = 0;
});
after(() => {
  secure.closeAllConnections();
  open.closeAllConnections();
  for (const server of [secure, open, proxy]) server.close();
});

/** For these tests 127.0.0.1 is the public internet. */
const isPublic = (address: string): boolean => address === '127.0.0.1';
const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
const never = new AbortController().signal;
const fetched = async (address: string, world = { resolve, isPublic }) =>
  text((await publicGet(world)(new URL(address), never)).body as AsyncIterable<Buffer>);

suite('behind a proxy', () => {
  test('an address is asked directly', async () => {
    const place = `public.test:${portOf(open)}/a.png?b=1`;
    assert.equal(await fetched(`http://${place}`), place);
    assert.deepEqual(proxied, []);
  });

  test('one with encryption too, by the name that its certificate has', { skip: needsCertificate }, async () => {
    const place = `public.test:${portOf(secure)}/a.png?b=1`;
    assert.equal(await fetched(`https://${place}`), place);
    assert.deepEqual(proxied, []);
    await assert.rejects(fetched(`https://other.test:${portOf(secure)}/`), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    await assert.rejects(fetched(`https://127.0.0.1:${portOf(secure)}/`), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });

  for (const protocol of ['http', 'https']) {
    test(`${protocol}: a server that is not the one that was looked at gets not a byte`, async (context) => {
      let received = 0;
      const inside = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.on('data', (bytes) => {
          received += bytes.length;
        });
      });
      await once(inside.listen(0, '127.0.0.2'), 'listening');
      context.after(() => inside.close());
      const original = net.connect;
      // Something that leads all connections to the inside.
      Object.assign(net, { connect: (options: net.TcpNetConnectOpts) => original({ ...options, host: '127.0.0.2', lookup: undefined }) });
      syncBuiltinESMExports();
      context.after(() => {
        Object.assign(net, { connect: original });
        syncBuiltinESMExports();
      });
      for (const all of [isPublic, () => true])
        await assert.rejects(
          fetched(`${protocol}://public.test:${portOf(inside)}/`, { resolve, isPublic: all }),
          /is not on the public internet/,
        );
      assert.equal(received, 0);
    });
  }
});

test('a server that breaks off, or never answers, is told of at once', async (context) => {
  const mute = createServer((socket) => socket.on('error', () => undefined));
  await once(mute.listen(0, '127.0.0.1'), 'listening');
  context.after(() => mute.close());
  const controller = new AbortController();
  const place = new URL(`https://public.test:${portOf(mute)}/`);
  const waiting = publicGet({ resolve, isPublic })(place, controller.signal);
  const [socket] = (await once(mute, 'connection')) as [Socket];
  controller.abort();
  await assert.rejects(waiting, { name: 'AbortError' });
  socket.destroy();
  mute.on('connection', (other) => other.destroy());
  await assert.rejects(publicGet({ resolve, isPublic })(place, never), { code: 'ECONNRESET' });
});
