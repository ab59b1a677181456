import { createVerify, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** The access token that the stand-in takes for its project `my-project`. */
export const VERTEX_TOKEN = 'ya29.token-of-the-stand-in';

/** What stands for a token of another cloud. */
export const FEDERATED = 'a-token-of-another-cloud';

/** Stands in for Google's sign-in: gives the token to whoever signs with the key of the service account. */
export interface VertexLogin {
  /** What stands in the file that GOOGLE_APPLICATION_CREDENTIALS names. */
  readonly credentials: object;
  /** The same for an identity of another cloud, whose sign-in has any address: `file` is to hold FEDERATED. */
  federated(file: string): object;
  /** How often the token was asked for. */
  readonly asked: number;
  /** A fetch by which requests to Google's sign-in, whose address the library knows by heart, come here. */
  through(fetch: typeof globalThis.fetch): typeof globalThis.fetch;
  /** From now on the account is unknown. */
  forget(): void;
  close(): Promise<void>;
}

export async function startVertexLogin(): Promise<VertexLogin> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  let asked = 0;
  let known = true;
  let address = '';
  const server = createServer(async (message, response) => {
    asked += 1;
    const form = new URLSearchParams(await text(message));
    const isFederated =
      form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:token-exchange' && form.get('subject_token') === FEDERATED;
    const [head = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.');
    const { aud, iss, scope } = JSON.parse(Buffer.from(claims, 'base64url').toString() || '{}');
    const isSigned = signature !== '' && createVerify('RSA-SHA256').update(`${head}.${claims}`).verify(publicKey, signature, 'base64url');
    const isMeant = aud === GOOGLE_LOGIN && iss === ACCOUNT && /\/auth\/cloud-platform\b/.test(scope);
    const isService = isSigned && isMeant && form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:jwt-bearer';
    const isRight = known && (isService || isFederated);
    response.writeHead(isRight ? 200 : 400, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(
        isRight
          ? {
              access_token: VERTEX_TOKEN,
              expires_in: 3599,
              token_type: 'Bearer',
              issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
            }
          : { error: 'invalid_grant', error_description: 'Invalid grant: account not found' },
      ),
    );
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  return {
    credentials: {
      type: 'service_account',
      project_id: 'my-project',
      private_key_id: '0123456789abcdef',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      client_email: ACCOUNT,
      client_id: '1',
      token_uri: GOOGLE_LOGIN,
      universe_domain: 'googleapis.com',
    },
    federated: (file) => ({
      type: 'external_account',
      audience: '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/providers/provider',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: address,
      credential_source: { file },
    }),
    get asked() {
      return asked;
    },
    through: (fetch) => (input, init) =>
      fetch(String(input instanceof Request ? input.url : input) === GOOGLE_LOGIN ? address : input, init),
    forget: () => {
      known = false;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const GOOGLE_LOGIN = 'https://oauth2.googleapis.com/token';
const ACCOUNT = 'stand-in@my-project.iam.gserviceaccount.com';
