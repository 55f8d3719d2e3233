import { announce } from './announce.js'
import type { Command } from './command.js'
import { discover } from './discover.js'
import { listen } from './listen.js'
import { moderate } from './moderate.js'
import { pings } from './pings.js'
import { send } from './send.js'
import { verify } from './verify.js'

/** The commands, in the order of the help. */
export const commands: readonly Command[] = [discover, send, announce, verify, pings, listen, moderate]
