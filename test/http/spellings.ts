/** URLs that lead to this machine, in every spelling we know of, by the port of a canary. */
export function loopbackUrls(port: number): string[] {
  return [
    ...hosts.map((host) => `http://${host}:${port}/`),
    `http:\\\\127.0.0.1:${port}\\`,
    `http:127.0.0.1:${port}/`,
    `http:/127.0.0.1:${port}/`,
    `http:////127.0.0.1:${port}/`,
    ` \thttp://127.0.0.1:${port}/ `,
    `HTTP://127.0.0.1:${port}/`,
    `https://127.0.0.1:${port}/`,
    `http://127.0.\t0.1:${port}/`,
    `http://127.0.0.1:\n${port}/`,
    `http://127.0.0.1:0${port}/`,
    `http://user@127.0.0.1:${port}/`,
    `http://user:password@127.0.0.1:${port}/`,
    `http://blog.example@127.0.0.1:${port}/`,
    `http://blog.example:80@127.0.0.1:${port}/`,
    `http://blog.example%2f@127.0.0.1:${port}/`,
    `http://127.0.0.1:${port}#@blog.example/`,
    `http://127.0.0.1:${port}?@blog.example/`,
    `http://127.0.0.1:${port}\\@blog.example/`,
    `http://@127.0.0.1:${port}/`,
    `http://:@127.0.0.1:${port}/`,
    `http://127.0.0.1:${port}/..;/@blog.example`,
    `http://blog.example&@127.0.0.1:${port}#@blog.example/`,
    `http://[::1%25lo]:${port}/`,
    `http://[::1%lo]:${port}/`,
    `http://127.0.0.1\u0000.blog.example:${port}/`,
    `http://127.0.0.1%00.blog.example:${port}/`,
    `http://127.0.0.1%20:${port}/`,
    `http://127.0.0.256:${port}/`,
    `http://0x7f.0.0.0x100:${port}/`,
    `//127.0.0.1:${port}/`,
    `127.0.0.1:${port}`,
    `ftp://127.0.0.1:${port}/`,
    `gopher://127.0.0.1:${port}/_GET%20/`,
    `ws://127.0.0.1:${port}/`,
    `dict://127.0.0.1:${port}/`,
    `view-source:http://127.0.0.1:${port}/`,
    `jar:http://127.0.0.1:${port}/!/`,
    `blob:http://127.0.0.1:${port}/x`,
    `file://127.0.0.1/etc/passwd`,
    'file:///etc/passwd',
    'data:text/html,hello',
    'javascript:alert(1)',
    'about:blank',
    'http://',
    '',
  ]
}

const hosts = [
  '127.0.0.1',
  '127.0.0.2',
  '127.1',
  '127.0.1',
  '127.8.9.10',
  '127.255.255.254',
  '127.0.0.1.',
  '127.1.',
  '2130706433',
  '017700000001',
  '0177.0.0.1',
  '0177.0.0.01',
  '0177.1',
  '00000177.0000.0.1',
  '0x7f.0.0.1',
  '0x7f.1',
  '0x7f.0x0.0x0.0x1',
  '0x7f000001',
  '0X7F000001',
  '0x00007f000001',
  '0x7f.65793',
  '0177.0.257',
  '①②⑦.⓪.⓪.①',
  '１２７.０.０.１',
  '127。0。0。1',
  '127．0．0．1',
  '127｡0｡0｡1',
  '𝟭𝟮𝟳.𝟬.𝟬.𝟭',
  '%31%32%37.0.0.1',
  '127%2e0%2E0.1',
  '127.0.0.%EF%BC%91',
  '12\u00ad7.0.0.1',
  '127.0.0\u200b.1',
  '0x7f.0.0.①',
  '0',
  '0.0',
  '0.0.0.0',
  '00.0x0.0.0',
  '0x0',
  '[::]',
  '[::1]',
  '[::0001]',
  '[0:0:0:0:0:0:0:1]',
  '[0000:0000:0000:0000:0000:0000:0000:0001]',
  '[0::0:1]',
  '[::0.0.0.1]',
  '[::ffff:127.0.0.1]',
  '[::FFFF:7F00:1]',
  '[0:0:0:0:0:ffff:127.0.0.1]',
  '[0:0:0:0:0:ffff:7f00:0001]',
  '[::ffff:0.0.0.0]',
  'localhost',
  'LOCALHOST',
  'localhost.',
  'LocalHost.',
  'blog.localhost',
  'blog.localhost.',
  'ｌｏｃａｌｈｏｓｔ',
  'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
  'loc\u00adalhost',
  'loca%6chost',
  'localhost%E3%80%82',
  'localhoſt',
]

/** Addresses that no stranger may have us ask, each in a few of its spellings, by port. */
export function internalUrls(port: number): string[] {
  const literals = internalIpv4.flatMap(spellingsOf)
  return [...literals, ...otherForms, ...internalIpv6, ...internalNames].map(
    (host) => `http://${host}:${port}/`,
  )
}

/** One URL of each class that redirects may lead to. */
export function classUrls(port: number): string[] {
  const classes = [
    ...internalIpv4,
    '[::]',
    '[::1]',
    '[fd00::1]',
    '[fe80::1]',
    '[::ffff:10.0.0.1]',
    '[64:ff9b::a00:1]',
  ]
  return [...classes, ...internalNames].map((host) => `http://${host}:${port}/`)
}

const internalIpv4 = [
  '10.0.0.1',
  '100.64.0.1',
  '100.100.100.200',
  '168.63.129.16',
  '169.254.169.254',
  '169.254.170.2',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.192',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
]

const otherForms = [
  '0.1.2.3',
  '[::127.0.0.1]',
  '[::7f00:1]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2002:7f00:1::1]',
]

const internalIpv6 = [
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[fd20:ce::254]',
  '[fe80::1]',
  '[fec0::1]',
  '[ff02::1]',
  '[100::1]',
  '[2001::1]',
  '[2001:db8::1]',
  '[3fff::1]',
  '[5f00::1]',
]

const internalNames = [
  'metadata.google.internal',
  'metadata.goog',
  'METADATA.google.INTERNAL.',
  'instance-data.ec2.internal',
  'kubernetes.default.svc.cluster.local',
  'printer.local',
  'nas.home.arpa',
]

function spellingsOf(address: string): string[] {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number)
  const value = ((a * 256 + b) * 256 + c) * 256 + d
  const hex = (high: number, low: number) => (high * 256 + low).toString(16)
  return [
    address,
    `${address}.`,
    String(value),
    `0x${value.toString(16)}`,
    `0${a.toString(8)}.0${b.toString(8)}.0${c.toString(8)}.0${d.toString(8)}`,
    `${a}.${b}.${c * 256 + d}`,
    `[::ffff:${address}]`,
    `[::${hex(a, b)}:${hex(c, d)}]`,
    `[64:ff9b::${hex(a, b)}:${hex(c, d)}]`,
    `[2002:${hex(a, b)}:${hex(c, d)}::]`,
  ]
}

/** Public addresses beside the special ranges. Only to be judged, never to be asked. */
export const lookAlikeAddresses: readonly string[] = [
  '9.255.255.255',
  '11.0.0.1',
  '100.63.255.255',
  '100.128.0.1',
  '126.255.255.255',
  '128.0.0.1',
  '168.63.129.17',
  '169.253.1.1',
  '172.15.255.255',
  '172.32.0.1',
  '192.0.1.1',
  '192.167.1.1',
  '192.169.1.1',
  '198.20.0.1',
  '223.255.255.255',
  '0x08080808',
  '134744072',
  '[2001:4860:4860::8888]',
  '[2606:4700:4700::1111]',
  '[::ffff:8.8.8.8]',
  '[64:ff9b::808:808]',
  '[2002:808:808::1]',
]

/** Names that look like the ones above and are public. */
export const lookAlikeNames: readonly string[] = [
  'localhost.example.com',
  'notlocalhost.com',
  'internal.example.com',
  'local.example.com',
  '127.0.0.1.example.com',
  '10.0.0.1.example.com',
  'metadata.google.internal.example.com',
  'xn--lcalhost-b1a.com',
  'fd00.example.com',
  '日本語.example.com',
]
