for (const button of document.querySelectorAll('[data-trackback-copy]')) {
  if (!navigator.clipboard) break
  const said = button.nextElementSibling
  button.hidden = false
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.dataset.trackbackCopy)
    said.textContent = said.dataset.trackbackCopied
    setTimeout(() => {
      said.textContent = ''
    }, 3000)
  })
}
