/**
 * The media type that a `Content-Type` names, in lower case, without its parameters: it ends at `;`, `,` or white space,
 * and of several the first counts (PROTOCOL 122, 123, 144). `''` if there is none, or only a parameter.
 */
export function mediaTypeOf(contentType: string | null | undefined): string {
  return /^[\s,;]*([^\s,;=]*)(?![^\s,;])/.exec(contentType ?? '')?.[1]?.toLowerCase() ?? ''
}

/** The value of a parameter of a `Content-Type`, with or without quotes; `null` if there is none. */
export function parameterOf(contentType: string | null | undefined, name: string): string | null {
  const found = new RegExp(`[\\s;,]${name}\\s*=\\s*(?:"([^"]*)"|([^\\s;,"]*))`, 'i').exec(contentType ?? '')
  return found?.[1] ?? found?.[2] ?? null
}
