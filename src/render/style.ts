/**
 * A small stylesheet for what `renderTrackbacks` writes: serve it as a file or put it in a `<style>` element, or
 * leave it and write your own. It takes fonts and colours from the page, so it is light where the page is light and
 * dark where the page is dark; it fits narrow screens and both writing directions.
 *
 * ```ts
 * app.get('/trackbacks.css', (_request, reply) => reply.type('text/css').send(trackbacksStyle))
 * ```
 */
export const trackbacksStyle: string = `.trackbacks {
  --trackbacks-soft: color-mix(in srgb, currentcolor 72%, transparent);
  --trackbacks-line: color-mix(in srgb, currentcolor 18%, transparent);
  --trackbacks-tint: color-mix(in srgb, currentcolor 6%, transparent);
  line-height: 1.7;
  overflow-wrap: anywhere;
}
.trackbacks p { margin-block: 0.5em }
.trackbacks-ping-url, .trackbacks-copy { padding: 0.2em 0.6em; border-radius: 0.3em }
.trackbacks-ping-url { box-decoration-break: clone; -webkit-box-decoration-break: clone }
.trackbacks-ping-url { background: var(--trackbacks-tint); font-size: 0.9em; user-select: all; -webkit-user-select: all }
.trackbacks-copy { border: 1px solid var(--trackbacks-line); background: none; color: inherit; font: inherit }
.trackbacks-copy { font-size: 0.85em; cursor: pointer }
.trackbacks-copy:hover, .trackbacks-copy:focus-visible { border-color: currentcolor }
.trackbacks-count, .trackbacks-empty, .trackbacks-copied, .trackback-meta {
  color: var(--trackbacks-soft);
  font-size: 0.875em;
}
.trackbacks-list { margin: 0.75em 0 0; padding: 0; list-style: none }
.trackback { padding-block: 0.75em; border-block-start: 1px solid var(--trackbacks-line) }
.trackback:target { padding-inline-start: 0.75em; border-inline-start: 3px solid currentcolor }
.trackback-link { font-weight: 600 }
.trackback-title bdi, .trackback-excerpt bdi { display: block }
.trackback-meta { display: flex; flex-wrap: wrap; gap: 0 1em }
`
