import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { fileNameFor } from '../../../../src/engine/fetching/fileName.ts';
import { addressFlaw, readAddress, withoutCredentials } from '../../../../src/engine/fetching/webAddress.ts';

suite('addresses', () => {
  test('http and https are taken, in the form of the web', () => {
    assert.equal(readAddress('  https://example.com/a b.png#top ').href, 'https://example.com/a%20b.png');
    assert.equal(readAddress('http://2130706433/a.png').hostname, '127.0.0.1');
    assert.equal(readAddress('http://0x7f.1/a.png').hostname, '127.0.0.1');
    assert.equal(addressFlaw('http://localhost:8080/a.png'), undefined);
  });

  test('everything else is refused with a reason', () => {
    for (const text of ['', 'picture.png', '/a.png', 'https://', 'http://[::1', 'https://a b/'])
      assert.match(addressFlaw(text) ?? '', /^Enter a whole address/, text);
    for (const text of [
      'file:///etc/passwd',
      'data:image/png;base64,AA',
      'ftp://example.com/a.png',
      'javascript:alert(1)',
      'command:x',
      'blob:https://a/b',
    ])
      assert.match(addressFlaw(text) ?? '', /^Only addresses/, text);
    for (const text of ['https://user:pass@example.com/a.png', 'https://token@example.com/a.png', 'https://:pass@example.com/a.png'])
      assert.match(addressFlaw(text) ?? '', /user name or password/, text);
    assert.throws(() => readAddress('file:///a.png'), { reason: 'network' });
  });

  test('what lets somebody in is neither shown nor kept', () => {
    const shown = (address: string) => withoutCredentials(new URL(address));
    assert.equal(shown('https://u:p@example.com/a.png?w=20#x'), 'https://example.com/a.png?w=20');
    assert.equal(
      shown('https://example.com/a.png?w=2%30&token=abc&api_key=d&apikey=e&access-token=f&sig=g'),
      'https://example.com/a.png?w=20',
    );
    assert.equal(
      shown('https://s3.example.com/a.png?X-Amz-Credential=a&X-Amz-Signature=b&X-Amz-Security-Token=c'),
      'https://s3.example.com/a.png',
    );
    // Left as it is written, since nothing has to go.
    assert.equal(shown('https://example.com/a.png?W=1%30&fm=png&v=1.2'), 'https://example.com/a.png?W=1%30&fm=png&v=1.2');
  });

  test('of parameters only harmless ones are shown or kept, by whatever names others let somebody in', () => {
    const shown = (address: string) => withoutCredentials(new URL(address));
    const names = [
      'hmac',
      'sessionid',
      'code',
      'Policy',
      'Key-Pair-Id',
      'se',
      'sv',
      's',
      'st',
      'ticket',
      'PHPSESSID',
      'id',
      'hdnea',
      '__token__',
      '',
    ];
    for (const name of names) assert.equal(shown(`https://example.com/a.png?w=20&${name}=x1`), 'https://example.com/a.png?w=20', name);
    assert.equal(shown('https://example.com/a.png?hunter2'), 'https://example.com/a.png');
    assert.equal(shown(`https://example.com/a.png?v=${'x'.repeat(17)}&h=5`), 'https://example.com/a.png?h=5', 'too long to be a version');
    assert.equal(shown('https://example.com/d;jsessionid=1/a.png;token=2;x'), 'https://example.com/d/a.png');
    assert.equal(shown('https://example.com/a;b.png'), 'https://example.com/a;b.png');
    assert.equal(new URL(shown('https://example.com/;a=b')).pathname, '/');
  });
});

suite('file names', () => {
  const name = (address: string, type: Parameters<typeof fileNameFor>[1] = 'image/png') => fileNameFor(new URL(address), type);

  test('are those of the address, with the outcome of what the image is', () => {
    assert.equal(name('https://example.com/d/my%20cat.png?x=/y'), 'my cat.png');
    assert.equal(name('https://example.com/cat.JPEG', 'image/jpeg'), 'cat.jpeg');
    assert.equal(name('https://example.com/cat.png', 'image/webp'), 'cat.webp');
    assert.equal(name('https://example.com/cat.php', 'image/jpeg'), 'cat.php.jpg');
    assert.equal(name('https://example.com/v1.2', 'image/gif'), 'v1.2.gif');
    assert.equal(name('https://example.com/', 'image/svg+xml'), 'example.com.svg');
    assert.equal(name('https://[2606:4700::1]/', 'image/png'), '[2606_4700_1].png');
    assert.equal(name('https://example.com/%E8%B2%93.png'), '貓.png');
  });

  test('are safe in every file system', () => {
    assert.equal(name('https://example.com/..%2F..%2Fetc%2Fpasswd'), '_.._etc_passwd.png');
    assert.equal(name('https://example.com/..%5Ca.png'), '_a.png');
    assert.equal(name('https://example.com/%2E%2Eorigin.json'), 'origin.json.png');
    assert.equal(name('https://example.com/con.png'), '_con.png');
    assert.equal(name('https://example.com/nul.tar.png'), '_nul.tar.png');
    assert.equal(name('https://example.com/a%00b%0Ac%E2%80%AEgnp.png'), 'ab cgnp.png');
    assert.equal(name('https://example.com/%zz.png'), '_zz.png');
    assert.equal(name('https://example.com/.png'), 'png.png');
    assert.equal(name(`https://example.com/${'x'.repeat(300)}.png`), `${'x'.repeat(60)}.png`);
  });
});
