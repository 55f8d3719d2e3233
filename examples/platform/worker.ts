// Looks at the sources of what the receivers took. It is a receiver that is not mounted anywhere.
import { lookup } from 'node:dns'
import { createHttpClient } from 'trackbacks'
import { allWriters } from './blogs.js'
import { openPart } from './platform.js'
import { serve, told } from './processes.js'

const settings = told()
let verified = 0
const part = await openPart(settings, {
  client: createHttpClient({
    // The writers' names lead to this machine, and they are the only ones that may be asked here.
    lookup: (_, options, callback) => lookup('127.0.0.1', options, callback),
    allowHosts: allWriters(settings.writersPort),
  }),
  onEvent(event) {
    if (event.type === 'verified') verified += 1
  },
})
serve('ready', () => verified, part.close)
