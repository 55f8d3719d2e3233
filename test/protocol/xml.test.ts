import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { elementsOf, findElement, parseXml, textOf, type XmlElement } from '../../src/protocol/xml.js'

/** The tree as nested arrays: a string, or a name, attributes and children. */
type Sketch = string | [string, Record<string, string>, ...Sketch[]]

function sketch(node: XmlElement | string): Sketch {
  if (typeof node === 'string') return node
  return [node.local, Object.fromEntries(node.attributes), ...node.children.map(sketch)]
}

const tree = (xml: string) => parseXml(xml).children.map(sketch).map(normal)

describe('parseXml', () => {
  const read: [string, string, Sketch[]][] = [
    [
      'elements, attributes, text',
      '<?xml version="1.0"?><a B="1"><c/>x<d>y</d></a>',
      [['a', { b: '1' }, ['c', {}], 'x', ['d', {}, 'y']]],
    ],
    [
      'references',
      '<a b="&lt;&amp;&#65;&#x42;">&quot;&apos;&gt;&eacute;</a>',
      [['a', { b: '<&AB' }, '"\'>é']],
    ],
    ['references out of range', '<a>&#9999999;&#xD800;&#0;</a>', [['a', {}, '\uFFFD\uFFFD\uFFFD']]],
    ['CDATA', '<a><![CDATA[<b>&amp;]]></a>', [['a', {}, '<b>&amp;']]],
    ['empty CDATA', '<a><![CDATA[]]></a>', [['a', {}]]],
    ['comments and instructions', '<a><!-- <b/> --><?x y?>z</a>', [['a', {}, 'z']]],
    ['no value is more than text', '<a b="01">1e3</a>', [['a', { b: '01' }, '1e3']]],
    ['a DOCTYPE', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', [['a', {}, '&x;']]],
    ['not well-formed: left open', '<a><b><c>x</b>y', [['a', {}, ['b', {}, ['c', {}, 'x']], 'y']]],
    ['not well-formed: closed twice', '<a><b>x</b></b></c>y</a>', [['a', {}, ['b', {}, 'x'], 'y']]],
    [
      'not well-formed: bare &, unquoted attribute',
      '<a b=1>x & y &copy=2</a>',
      [['a', { b: '1' }, 'x & y &copy=2']],
    ],
    ['not well-formed: CDATA', '<a><![CDATA[<b> & &amp;]]><c></a>', [['a', {}, '<b> & &amp;', ['c', {}]]]],
    [
      'not well-formed: an empty title',
      '<a><title/><b>x</b><c></a>',
      [['a', {}, ['title', {}], ['b', {}, 'x'], ['c', {}]]],
    ],
    ['not well-formed: HTML', '<a>x<br>y<b>z</b></a>', [['a', {}, 'x', ['br', {}], 'y', ['b', {}, 'z']]]],
  ]
  it.each(read)('%s', (_, xml, expected) => {
    expect(tree(xml)).toEqual(expected)
    // The same again, where anything goes.
    if (!xml.startsWith('<!') && !xml.startsWith('<?'))
      expect(tree(`<r>${xml}</r></x>`)).toEqual([['r', {}, ...expected]])
  })

  it('PROTOCOL 93: __proto__, constructor and prototype are names like others', () => {
    const [root] = parseXml(
      '<a __proto__="1" constructor="2"><__proto__><polluted>x</polluted></__proto__><constructor/></a>',
    ).children
    expect(typeof root === 'object' && [...root.attributes]).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
    ])
    expect(textOf(parseXml('<a><__proto__><polluted>x</polluted></__proto__></a>'))).toContain('x')
    expect(Object.prototype).not.toHaveProperty('polluted')
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  it('THREATS R5: entities are not expanded, however they are nested', () => {
    const laughs = Array.from({ length: 20 }, (_, n) => `<!ENTITY a${n + 1} "${`&a${n};`.repeat(10)}">`).join(
      '',
    )
    const text = textOf(
      parseXml(
        `<!DOCTYPE a [<!ENTITY a0 "ha">${laughs}<!ENTITY % p SYSTEM "http://127.0.0.1/">%p;]><a>&a20;</a>`,
      ),
    )
    expect(text.length).toBeLessThan(10_000)
    expect(text).not.toContain('haha')
  })

  it('maxDepth: deeper elements count as their text', () => {
    const deep = `${'<a>'.repeat(1000)}x${'</a>'.repeat(1000)}`
    const depth = (node: XmlElement): number =>
      1 + Math.max(0, ...node.children.map((child) => (typeof child === 'string' ? 0 : depth(child))))
    expect(depth(parseXml(deep))).toBe(65)
    expect(depth(parseXml(deep, { maxDepth: 3 }))).toBe(4)
    expect(textOf(parseXml(deep))).toBe('x')
    const below = (xml: string) => parseXml(xml, { maxDepth: 2 }).children.map(sketch).map(normal)
    expect(below('<a><b>1<b>2<br/></b>3</b>4</a>5')).toEqual([['a', {}, ['b', {}, '123'], '4'], '5'])
    expect(below('<a><b><c></b><c>1</c>2</a>')).toEqual([['a', {}, ['b', {}], ['c', {}, '1'], '2']])
  })

  it('maxSize: what follows is as if it had not come', () => {
    expect(textOf(parseXml('<a>12345</a>', { maxSize: 6 }))).toBe('123')
    expect(textOf(parseXml(Buffer.from('<a>12345</a>'), { maxSize: 6 }))).toBe('123')
    expect(textOf(parseXml(`<a>${'x'.repeat(2 << 20)}</a>`), 1 << 20).length).toBe((1 << 20) - 3)
    expect(() => parseXml('', { maxSize: 0 })).toThrow(TypeError)
    expect(() => parseXml('', { maxDepth: Number.NaN })).toThrow(TypeError)
  })

  it.each(['x', '&x', '<![CDATA[x]]>', '<b>x</b>'])(
    'reads as much of a long text as is wanted, in pieces: %s',
    (part) => {
      const document = parseXml(`<a>${part.repeat(200_000)}</a>`, { maxMarkup: 400_000 })
      const [element] = elementsOf(document)
      const whole = textOf(element, Number.POSITIVE_INFINITY)
      const beginning = textOf(element, 100)
      expect(whole.startsWith(beginning)).toBe(true)
      expect(beginning.length).toBeGreaterThanOrEqual(100)
      expect(beginning.length).toBeLessThan(40_000)
      expect(textOf(element).length).toBeLessThan(100_000)
    },
  )

  it('THREATS R4: takes linear time for what is made to be slow', () => {
    const size = 300_000
    const fill = (text: string) => text.repeat(size / text.length)
    const shapes = [
      '<a>',
      '</a>',
      '<!--',
      '<![CDATA[',
      '<?',
      '&',
      '&#',
      '<a b="',
      '<a b=',
      ' ',
      '<',
      '>',
      '"',
      '<!DOCTYPE',
      '<!ENTITY a "b">',
      '[',
      '<a>'.repeat(50) + '</a>'.repeat(50),
      '<a xmlns:b="c">',
      '<title>',
      '\t',
    ]
    for (const shape of shapes) {
      for (const xml of [
        fill(shape),
        `<r>${fill(shape)}</r>`,
        `<r ${fill(shape)}>`,
        `<!DOCTYPE r [${fill(shape)}]><r/>`,
      ]) {
        const start = performance.now()
        parseXml(xml)
        expect(performance.now() - start, `${shape} ${xml.slice(0, 20)}`).toBeLessThan(10_000)
      }
    }
  })

  it('reads what a generator of trees writes', () => {
    const name = fc.constantFrom('a', 'b:c', 'd-e', 'f.g', 'title', 'link', 'script', 'item')
    const text = fc.string({
      unit: fc.constantFrom('x', ' ', '<', '&', '"', "'", '>', ']]>', '日', '\n'),
      minLength: 1,
      maxLength: 6,
    })
    const { node } = fc.letrec<{ node: Sketch }>((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        text,
        fc.tuple(
          name,
          fc.dictionary(fc.constantFrom('p', 'q:r'), text, { noNullPrototype: true }),
          tie('node'),
          tie('node'),
        ) as fc.Arbitrary<Sketch>,
      ),
    }))
    fc.assert(
      fc.property(node, (value) => {
        const root: Sketch = ['root', {}, value]
        expect(tree(write(root))).toEqual([normal(root)])
      }),
    )
  })
})

const escaped = (text: string) => text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`)

function write(node: Sketch): string {
  if (typeof node === 'string') return escaped(node)
  const [name, attributes, ...children] = node
  const pairs = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${escaped(value).replaceAll('\n', '&#10;')}"`,
  )
  return `<${name}${pairs.join('')}>${children.map(write).join('')}</${name}>`
}

/** Local names, and neighbouring texts as one. */
function normal(node: Sketch): Sketch {
  if (typeof node === 'string') return node
  const [name, attributes, ...children] = node
  const merged: Sketch[] = []
  for (const child of children.map(normal)) {
    const last = merged.at(-1)
    if (typeof child === 'string' && typeof last === 'string') merged[merged.length - 1] = last + child
    else merged.push(child)
  }
  return [name.split(':').at(-1) ?? '', attributes, ...merged]
}

describe('findElement and textOf', () => {
  it('look at any depth, in document order', () => {
    const document = parseXml('<a><b><c>1</c></b><c>2<d>3</d></c></a>')
    expect(textOf(findElement(document, 'c'))).toBe('1')
    expect(textOf(findElement(document, 'a'))).toBe('123')
    expect(findElement(document, 'x')).toBeUndefined()
    expect(textOf(undefined)).toBe('')
  })
})
