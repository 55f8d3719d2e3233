// Keys, and ticking all without loading the page; everything works without them.
const items = [...document.querySelectorAll('.item')]
const item = () => document.activeElement.closest('.item')
const follows = (one, other) => one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING
const click = (selector, scope = document) => scope?.querySelector(selector)?.click()
const go = (to) => to?.querySelector('h2 a').focus()

// The first item where none is before or behind what has the focus: that is the page itself, or its head.
const next = () =>
  items.find((each) => each !== item() && follows(document.activeElement, each)) ?? item() ?? items[0]
const previous = () =>
  items.findLast((each) => each !== item() && follows(each, document.activeElement)) ?? items[0]

/** Decides on the item that has the focus, or on the trackback whose page this is, and goes on with the next one. */
function decide(selector) {
  const scope = items.length > 0 ? item() : document.querySelector('.decide')
  if (!scope?.querySelector(selector)) return
  sessionStorage.setItem('trackbacks-keys', '1')
  click(selector, scope)
}

const keys = {
  j: () => (items.length > 0 ? go(next()) : click('a[rel=next]')),
  k: () => (items.length > 0 ? go(previous()) : click('a[rel=up]')),
  x: () => click('.pick input', item()),
  p: () => decide('.do-publish, .do-notSpam'),
  s: () => decide('.do-spam'),
  u: () => click('.status .do-undo'),
  '/': () => document.querySelector('#q').focus(),
  '?': () => click('.keys summary'),
}

document.addEventListener('keydown', (event) => {
  const isTyping = event.target.matches('input:not([type=checkbox], [type=radio])')
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
  if (!Object.hasOwn(keys, event.key)) return
  event.preventDefault()
  keys[event.key]()
})

document.querySelector('.select-all')?.addEventListener('click', (event) => {
  event.preventDefault()
  const boxes = items.map((each) => each.querySelector('.pick input'))
  const isTicked = boxes.every((box) => box.checked)
  for (const box of boxes) box.checked = !isTicked
})

for (const help of document.querySelectorAll('.keys')) help.hidden = false
if (sessionStorage.getItem('trackbacks-keys')) {
  sessionStorage.removeItem('trackbacks-keys')
  // What was done has the focus once the page has loaded.
  addEventListener('load', () => setTimeout(() => go(next())))
}
