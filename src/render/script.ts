import text from './list.js?raw'

/**
 * The script of the copy button: serve it as a file and load it with `defer`, or put it at the end of the page.
 * It shows the button where the browser lets a page write to the clipboard, copies the trackback URL when the
 * button is pressed, and says so. Without it the page is complete; the URL is selected and copied by hand.
 *
 * ```html
 * <script src="/trackbacks.js" defer></script>
 * ```
 */
export const trackbacksScript: string = text
