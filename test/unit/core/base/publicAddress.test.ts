import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPublicAddress } from '../../../../src/core/base/publicAddress.ts';

test('addresses of the public internet', () => {
  for (const address of [
    '8.8.8.8',
    '1.1.1.1',
    '172.32.0.1',
    '192.169.0.1',
    '100.63.255.255',
    '100.128.0.1',
    '223.255.255.255',
    '2606:4700::1111',
    '2001:4860:4860::8888',
    '64:ff9b::8.8.8.8',
  ])
    assert.ok(isPublicAddress(address), address);
});

const SPECIAL: Readonly<Record<string, readonly string[]>> = {
  unspecified: ['0.0.0.0', '0.1.2.3', '::'],
  loopback: ['127.0.0.1', '127.255.255.254', '::1'],
  private: ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.0.1', 'fc00::1', 'fdff::1'],
  'link-local': ['169.254.1.1', 'fe80::1', 'fe80::1%eth0', 'fec0::1'],
  'metadata of clouds': ['169.254.169.254', '168.63.129.16', '100.100.100.200', '192.0.0.192', 'fd00:ec2::254', 'fd20:ce::254'],
  'carrier-grade NAT': ['100.64.0.1', '100.127.255.255'],
  multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1'],
  'broadcast and reserved': [
    '255.255.255.255',
    '240.0.0.1',
    '192.0.0.1',
    '198.18.0.1',
    '198.19.255.255',
    '192.88.99.1',
    '4000::1',
    '5f00::1',
    'e000::1',
  ],
  documentation: ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
  'IPv4 inside IPv6': [
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::127.0.0.1',
    '::8.8.8.8',
    '2002:7f00:1::',
    '2002:808:808::1',
    '2001::1',
    '64:ff9b:1::8.8.8.8',
  ],
  'NAT64 of what is not public': ['64:ff9b::127.0.0.1', '64:ff9b::10.0.0.1', '64:ff9b::169.254.169.254'],
  'discard, tunnels, hashes': ['100::1', '2001:10::1', '2001:20::1', '2001:2::1'],
  'no address': ['', 'localhost', 'example.com', '1.2.3.4.5', '[::1]', '8.8.8.8:80'],
};

for (const [kind, addresses] of Object.entries(SPECIAL)) {
  test(`${kind}: not public`, () => {
    for (const address of addresses) assert.ok(!isPublicAddress(address), address);
  });
}
