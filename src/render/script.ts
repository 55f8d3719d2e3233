/**
 * The script of the copy button: serve it as a file and load it with `defer`, or put it at the end of the page.
 * It shows the button where the browser lets a page write to the clipboard, copies the trackback URL when the
 * button is pressed, and says so. Without it the page is complete; the URL is selected and copied by hand.
 *
 * ```html
 * <script src="/trackbacks.js" defer></script>
 * ```
 */
export const trackbacksScript: string = `for (const button of document.querySelectorAll('[data-trackback-copy]')) {
  if (!navigator.clipboard) break
  const said = button.nextElementSibling
  button.hidden = false
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.dataset.trackbackCopy)
    said.textContent = said.dataset.trackbackCopied
    setTimeout(() => { said.textContent = '' }, 3000)
  })
}
`
