import { domainToUnicode } from 'node:url'
import scripts from './scripts.json' with { type: 'json' }

/**
 * Scripts that are read as they are, each with the letters that tell a word of it from one in Latin: any letter where
 * `''`.
 */
const SCRIPTS = Object.entries(scripts)
// No label mixes its script with Latin: ノ after `example.com` would pass for a slash.
const READABLE: readonly RegExp[] = [
  /^[a-z0-9-]+$/,
  // Latin-1 and Latin Extended-A, without the letters that look like others: þ, ı, ĸ, ŀ, ŉ, ſ.
  /^[a-z0-9ß-öø-ýÿ-İĲ-ķĹ-ĿŁ-ňŊ-ž-]+$/,
  /^[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}ー0-9-]+$/u,
  ...SCRIPTS.map(
    ([script, telling]) => new RegExp(`^(?=.*[${telling || '\\p{L}'}])[\\p{scx=${script}}0-9-]+$`, 'u'),
  ),
]

/**
 * The host of a URL in its own letters, with its port: `日本語.example` for `xn--wgv71a119e.example`. `null` where it is
 * ASCII anyway, and where one of its labels mixes scripts or could be read as another name.
 */
export function readableHost({ hostname, host }: URL): string | null {
  if (!hostname.includes('xn--')) return null
  const unicode = domainToUnicode(hostname)
  const isReadable = unicode.split('.').every((label) => READABLE.some((pattern) => pattern.test(label)))
  return isReadable && unicode !== hostname ? unicode + host.slice(hostname.length) : null
}
