import { describe, expect, it } from 'vitest'
import {
  NO_NAMESPACES,
  resolveName,
  TRACKBACK_NAMESPACE,
  withDeclarations,
} from '../../src/protocol/namespaces.js'

describe('resolveName', () => {
  it.each([
    ['trackback:ping', { prefix: 'trackback', local: 'ping', vocabulary: 'trackback' }],
    ['RDF:About', { prefix: 'rdf', local: 'about', vocabulary: 'rdf' }],
    ['ping', { prefix: '', local: 'ping', vocabulary: null }],
    ['foo:ping', { prefix: 'foo', local: 'ping', vocabulary: null }],
    ['a:b:c', { prefix: 'a', local: 'b:c', vocabulary: null }],
  ])('PROTOCOL 97: without a declaration %s is %j', (name, expected) => {
    expect(resolveName(name, NO_NAMESPACES)).toEqual(expected)
  })

  it.each([
    [TRACKBACK_NAMESPACE, 'trackback'],
    [' http://madskills.com/public/xml/rss/module/Trackback ', 'trackback'],
    ['https://madskills.com/public/xml/rss/module/trackback/', 'trackback'],
    ['http://www.w3.org/2005/Atom', 'atom'],
    ['http://purl.org/atom/ns#', 'atom'],
    ['http://purl.org/rss/1.0/', 'rss'],
    ['http://purl.org/dc/terms/', 'dc'],
    ['http://other.example/', null],
  ])('PROTOCOL 97, PEERS 39: the declaration %j decides: %s', (uri, vocabulary) => {
    const namespaces = withDeclarations(NO_NAMESPACES, [
      ['xmlns:trackback', uri],
      ['xmlns', uri],
    ])
    expect(resolveName('trackback:ping', namespaces).vocabulary).toBe(vocabulary)
    expect(resolveName('ping', namespaces).vocabulary).toBe(vocabulary)
  })

  it('an empty declaration is none', () => {
    expect(
      resolveName('trackback:ping', withDeclarations(NO_NAMESPACES, [['xmlns:trackback', '']])).vocabulary,
    ).toBe('trackback')
  })

  it('inner declarations hide outer ones', () => {
    const outer = withDeclarations(NO_NAMESPACES, [['xmlns:t', TRACKBACK_NAMESPACE]])
    expect(withDeclarations(outer, [['title', 'x']])).toBe(outer)
    const inner = withDeclarations(outer, [
      ['xmlns:t', 'x'],
      ['xmlns:u', TRACKBACK_NAMESPACE],
    ])
    expect([outer, inner].map((scope) => resolveName('t:ping', scope).vocabulary)).toEqual([
      'trackback',
      null,
    ])
    expect([outer, inner].map((scope) => resolveName('u:ping', scope).vocabulary)).toEqual([
      null,
      'trackback',
    ])
  })
})
