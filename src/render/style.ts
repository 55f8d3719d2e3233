import text from './list.css?raw'

/**
 * A small stylesheet for what `renderTrackbacks` writes: serve it as a file or put it in a `<style>` element, or
 * leave it and write your own. It takes fonts and colours from the page, so it is light where the page is light and
 * dark where the page is dark; it fits screens of 320 px and more, both writing directions, forced colours and paper.
 *
 * ```ts
 * app.get('/trackbacks.css', (_request, reply) => reply.type('text/css').send(trackbacksStyle))
 * ```
 */
export const trackbacksStyle: string = text
