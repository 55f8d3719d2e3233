import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { finish } from '../../src/base/steps.js'
import { skim } from '../../src/discover/skim.js'
import { repeated } from '../support/strength.js'
import { told } from './told.js'

const announced = '<rdf:RDF><rdf:Description rdf:about="u" trackback:ping="p"/></rdf:RDF>'

describe('skim', () => {
  it('keeps what can announce, and little else', () => {
    const html = `<!DOCTYPE html><title>a</title><base href="/"><p class="x">text <a href="/1">b</a><!-- note -->
<!-- ${announced} --><a href='/tb' rel=trackback>c</a>${announced}<p>end`
    expect(finish(skim(html))).toBe(
      `<base href="/"><!-- ${announced} --><a href='/tb' rel=trackback>${announced}`,
    )
  })

  it.each([
    [`<a title="<!--" href=x>${announced}<!-- -->`],
    [`<p title='>'><!-- ${announced} -->`],
    [`<p title=it's>x</p><!-- ${announced} --><p title='y'>`],
    [`<p "><!-- ${announced} -->">`],
    [`<p a= "><!-- ${announced} -->">x<a rel=trackback>`],
    [`<p a==" ><!-- ${announced} -->">`],
    [`<p a="b"="><!-- ${announced} -->">`],
    [`<script>"<!-- ${announced} -->"</script><a rel=trackback href=1>`],
    [`<script><!-- <script> </script> ${announced} --></script><a rel=trackback href=2>`],
    [`<style>/* <!-- ${announced} </style>${announced}`],
    [`<title>${announced}</title ><a rel=trackback href=1>`],
    [`<textarea>${announced}</textareas></textarea/>${announced}`],
    [`<svg><title/>${announced}</svg>`],
    [`<svg><style>${announced}</style></svg>`],
    [`<plaintext>${announced}`],
    [`<!-- --!>${announced}-->`],
    [`<!-->${announced}-->`],
    [`<!--->${announced}-->`],
    [`<!-- <!-- ${announced} -->${announced}-->`],
    [`<!-- ${announced}`],
    [`<!-- <!-- ${announced} -->x`],
    [`<!-- ${announced.replace('u"', 'u" dc:title="a --> b"')} -->text<p>x</p>${announced}`],
    [
      `<!-- <rdf:RDF><rdf:Description rdf:about="u"><dc:title>a --> <b>b</b></dc:title><trackback:ping>p</trackback:ping></rdf:RDF>`,
    ],
    [`<!x <rdf:RDF><!-- <rdf:Description trackback:ping="p" dc:title="-->">`],
    [`<!x ${announced}`],
    [`<?php ${announced} ?>`],
    [`</ ${announced}></>${announced}`],
    [`</p title=">"${announced}`],
    [`<![CDATA[ ${announced} ]]>`],
    [`< rdf:RDF>${announced}<`],
    [
      `<rdf:RDF><p title='<title>'>x</p><rdf:Description dc:title="a "b" > c" dc:identifier="i" trackback:ping="p"/><title>z</title>`,
    ],
    ['<rdf:Description <title/></style<rdf:RDF>trackback:ping="p"'],
    ['<rdf:Description b></RDF>trackback:ping="p"'],
    ['<RDF:RDF xmlns:rdf="x"><rdf:Description b></x:rdf>trackback:ping="p"'],
    [`<title\u00A0>${announced}</title>`],
    [`<a\u00A0b title=\u00A0"> rel=trackback>${announced}`],
    [
      `<RDF xmlns="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><Description trackback:ping="p">x</Description></RDF>`,
    ],
  ])('PROTOCOL 95: a tokenizer is told the same: %s', (html) => {
    expect(told(finish(skim(html)))).toEqual(told(html))
  })

  it('a tokenizer is told the same, whatever comes', () => {
    const piece = fc.constantFrom(
      ...[
        '<',
        '>',
        '/',
        '"',
        "'",
        '=',
        ' ',
        '\n',
        '\f',
        '\v',
        '\0',
        '\u00A0',
        '-',
        '--',
        '!',
        '?',
        '<!--',
        '-->',
        '<!',
        '</',
        '/>',
        'x',
        '&lt;',
      ],
      ...[
        '<a ',
        '<link ',
        '<base ',
        'rel=',
        'href="x"',
        'trackback',
        'trackback:ping="p"',
        'dc:title="',
        '<!-- trackback <rdf:RDF>',
        '<p title="',
        '<rdf:RDF>',
        '</rdf:RDF>',
        '<rdf:Description ',
      ],
      ...[
        '<title>',
        '</title>',
        '<title/>',
        '<script>',
        '</script>',
        '<style>',
        '</style',
        '<textarea',
        '</textarea>',
        '<svg>',
        '</svg>',
        '<plaintext>',
        '<![CDATA[',
      ],
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const html = pieces.join('')
        expect(told(finish(skim(html)))).toEqual(told(html))
      }),
      { numRuns: repeated(20_000) },
    )
  })

  const corpus = process.env['TRACKBACK_CORPUS']
  it.skipIf(corpus === undefined)(
    'a tokenizer is told the same on every page of the corpus (needs TRACKBACK_CORPUS)',
    () => {
      const manifest = JSON.parse(readFileSync(`${corpus}/manifest.json`, 'utf8')) as Record<
        'documents' | 'bench',
        { file: string }[]
      >
      for (const { file } of [...manifest.documents, ...manifest.bench]) {
        const page = readFileSync(`${corpus}/${file}`, 'latin1')
        expect(told(finish(skim(page))), file).toEqual(told(page))
      }
    },
  )
})
