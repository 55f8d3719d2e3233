import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { trackbacksScript } from '../../src/render/script.js'

interface Said {
  textContent: string
  dataset: { trackbackCopied: string }
}

/** The little of a browser that the script touches. */
function open(clipboard: { writeText(text: string): Promise<void> } | undefined) {
  const said: Said = { textContent: '', dataset: { trackbackCopied: 'Copied' } }
  const listeners: (() => Promise<void>)[] = []
  const button = {
    hidden: true,
    nextElementSibling: said,
    dataset: { trackbackCopy: 'http://blog.example/t/trackback/1' },
    addEventListener: (_type: string, listener: () => Promise<void>) => listeners.push(listener),
  }
  const document = {
    querySelectorAll: (selector: string) => (selector === '[data-trackback-copy]' ? [button] : []),
  }
  runInNewContext(trackbacksScript, { document, navigator: { clipboard }, setTimeout: () => 0 })
  return { button, said, press: () => Promise.all(listeners.map((listener) => listener())) }
}

describe('the script of the copy button', () => {
  it('shows the button, copies the trackback URL and says so', async () => {
    const copied: string[] = []
    const { button, said, press } = open({ writeText: async (text) => void copied.push(text) })
    expect(button.hidden).toBe(false)
    await press()
    expect(copied).toEqual(['http://blog.example/t/trackback/1'])
    expect(said.textContent).toBe('Copied')
  })

  it('leaves the button hidden where the browser does not let the page copy', () => {
    expect(open(undefined).button.hidden).toBe(true)
  })

  it('can stand in a script element', () => {
    expect(trackbacksScript).not.toMatch(/<\/|<!--/)
  })
})
