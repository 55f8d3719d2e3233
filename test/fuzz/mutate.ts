import type { Random } from './random.js'

const LONGEST = 4096
const LONGEST_REPEATED = 65_536
const TELLING_BYTES = [0, 9, 10, 0x1b, 0x20, 0x22, 0x26, 0x27, 0x2d, 0x2f, 0x3c, 0x3d, 0x3e, 0x7f, 0x80, 0xff]

type Mutation = (input: Uint8Array, random: Random, material: Material) => Uint8Array

/** What new inputs are made of: the inputs there are, and the words of the format's grammar. */
export interface Material {
  readonly pool: readonly Uint8Array[]
  readonly words: readonly Uint8Array[]
}

const mutations: readonly Mutation[] = [
  (input, random, { words }) => insert(input, random.below(input.length + 1), random.pick(words)),
  (input, random, { words }) => replace(input, random, random.pick(words)),
  (input, random) => replace(input, random, new Uint8Array()),
  (input, random) => insert(input, random.below(input.length + 1), part(input, random)),
  (input, random, { pool }) => replace(input, random, part(random.pick(pool), random)),
  (input, random, { pool }) => join(part(input, random), part(random.pick(pool), random)),
  (input, random) => withByte(input, random, () => random.below(256)),
  (input, random) => withByte(input, random, (byte) => byte ^ (1 << random.below(8))),
  (input, random) => withByte(input, random, () => random.pick(TELLING_BYTES)),
  (input, random) => insert(input, random.below(input.length + 1), Uint8Array.of(random.pick(TELLING_BYTES))),
]

/** An input like one of the pool, changed in a few places; one in a hundred says the same thing over and over. */
export function mutate(material: Material, random: Random): Uint8Array {
  let input = random.below(8) === 0 ? sentence(material, random) : random.pick(material.pool)
  for (let steps = 1 + random.below(5); steps > 0; steps -= 1)
    input = random.pick(mutations)(input, random, material)
  return random.below(100) === 0 ? repeated(input, random) : input.subarray(0, LONGEST)
}

/** Words of the grammar in any order. */
function sentence({ words }: Material, random: Random): Uint8Array {
  return join(...Array.from({ length: 1 + random.below(24) }, () => random.pick(words)))
}

function repeated(input: Uint8Array, random: Random): Uint8Array {
  const unit = part(input, random)
  const start = random.below(input.length + 1)
  const body = Buffer.alloc(random.below(LONGEST_REPEATED) + 1, unit.length > 0 ? unit : 'a')
  return join(input.subarray(0, start), body, input.subarray(start)).subarray(0, LONGEST_REPEATED)
}

function part(input: Uint8Array, random: Random): Uint8Array {
  const start = random.below(input.length + 1)
  const longest = random.below(4) === 0 ? input.length : 32
  return input.subarray(start, start + random.below(longest + 1))
}

function insert(input: Uint8Array, at: number, piece: Uint8Array): Uint8Array {
  return join(input.subarray(0, at), piece, input.subarray(at))
}

function replace(input: Uint8Array, random: Random, piece: Uint8Array): Uint8Array {
  const start = random.below(input.length + 1)
  return join(input.subarray(0, start), piece, input.subarray(start + random.below(32)))
}

function withByte(input: Uint8Array, random: Random, change: (byte: number) => number): Uint8Array {
  const changed = Uint8Array.from(input)
  const at = random.below(changed.length)
  if (changed.length > 0) changed[at] = change(changed[at] ?? 0)
  return changed
}

function join(...pieces: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(pieces)
}
