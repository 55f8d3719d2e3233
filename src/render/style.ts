/**
 * A small stylesheet for what `renderTrackbacks` writes: serve it as a file or put it in a `<style>` element, or
 * leave it and write your own. It takes fonts and colours from the page, so it is light where the page is light and
 * dark where the page is dark; it fits screens of 320 px and more, both writing directions, forced colours and paper.
 *
 * ```ts
 * app.get('/trackbacks.css', (_request, reply) => reply.type('text/css').send(trackbacksStyle))
 * ```
 */
export const trackbacksStyle: string = `.trackbacks {
  --trackbacks-soft: color-mix(in srgb, currentcolor 72%, transparent);
  --trackbacks-line: color-mix(in srgb, currentcolor 18%, transparent);
  --trackbacks-edge: color-mix(in srgb, currentcolor 56%, transparent);
  --trackbacks-tint: color-mix(in srgb, currentcolor 6%, transparent);
  line-height: 1.7;
  overflow-wrap: anywhere;
}
.trackbacks:lang(ko) { word-break: keep-all }
.trackbacks bdi { word-break: normal }
.trackbacks p, .trackbacks li, .trackbacks button { text-indent: 0; text-align: start; text-transform: none }
.trackbacks p { margin-block: 0.5em }
.trackbacks a { text-decoration: underline 1px; text-underline-offset: 0.2em }
.trackbacks .trackbacks-ping-url { color: inherit }
.trackbacks .trackbacks-copy[hidden] { display: none }
.trackbacks-url { display: grid; grid-template-columns: minmax(0, 1fr) auto; row-gap: 0.25em }
.trackbacks .trackbacks-url { margin-block-end: 1em }
.trackbacks-label, .trackbacks-copied { grid-row: 1; grid-column: 1 / -1 }
.trackbacks-copied { justify-self: end; align-self: end }
.trackbacks-ping-url, .trackbacks-copy { box-sizing: border-box; border: 1px solid transparent; border-radius: 0.3em }
.trackbacks-ping-url { padding: 0.4em 0.7em; background: var(--trackbacks-tint); font-size: 0.9em; line-height: 1.5 }
.trackbacks-ping-url { user-select: all; -webkit-user-select: all }
.trackbacks-copy { align-self: start; min-block-size: 2.5em; margin-inline-start: 0.5em; padding: 0 0.9em }
.trackbacks-copy { border-color: var(--trackbacks-edge); background: none; color: inherit; cursor: pointer }
.trackbacks-copy { font: inherit; font-size: 0.875em }
.trackbacks-copy:hover { border-color: currentcolor; background: var(--trackbacks-tint) }
.trackbacks-count, .trackbacks-empty, .trackbacks-copied, .trackback-meta {
  color: var(--trackbacks-soft);
  font-size: 0.875em;
}
.trackbacks-list { margin: 0.75em 0 0; padding: 0; list-style: none }
.trackback { padding-block: 0.75em; border-block-start: 1px solid var(--trackbacks-line); break-inside: avoid }
.trackback:target { padding-inline-start: 0.75em; border-inline-start: 3px solid currentcolor }
.trackback-link { font-weight: 600 }
.trackback-title bdi, .trackback-excerpt bdi { display: block; inline-size: fit-content }
.trackback-title bdi { max-block-size: 5.1em; overflow: hidden }
.trackback-host, .trackback-date { white-space: nowrap }
.trackback mark { background: color-mix(in srgb, currentcolor 12%, transparent); color: inherit; font-weight: 600 }
.trackbacks-next { display: inline-block; padding-block: 0.6em }
@media (pointer: coarse) {
  .trackbacks-copy { min-inline-size: 44px; min-block-size: 44px }
}
@media print {
  .trackbacks-copy, .trackbacks-copied, .trackbacks-more { display: none }
}
`
