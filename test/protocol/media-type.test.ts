import { expect, it } from 'vitest'
import { mediaTypeOf, parameterOf } from '../../src/protocol/media-type.js'

it.each([
  ['text/html', 'text/html'],
  ['Text/HTML; charset=utf-8', 'text/html'],
  ['text/html charset=utf-8', 'text/html'],
  ['text/html, text/html; charset=utf-8', 'text/html'],
  ['application/x-www-form-urlencoded charset=utf-8', 'application/x-www-form-urlencoded'],
  [' ;text/plain', 'text/plain'],
  ['; charset=utf-8', ''],
  ['charset=utf-8', ''],
  [',text/html', 'text/html'],
  [' , ', ''],
  ['', ''],
  [null, ''],
  [undefined, ''],
])('PROTOCOL 144: the type of %j is %j', (header, type) => {
  expect(mediaTypeOf(header)).toBe(type)
})

it.each([
  ['multipart/form-data; boundary=x9', 'x9'],
  ['multipart/form-data;boundary="x 9"; charset=utf-8', 'x 9'],
  ['multipart/form-data BOUNDARY = x9', 'x9'],
  ['multipart/form-data; notboundary=x9', null],
  ['multipart/form-data', null],
  [null, null],
])('the boundary of %j is %j', (header, boundary) => {
  expect(parameterOf(header, 'boundary')).toBe(boundary)
})
