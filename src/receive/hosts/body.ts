/**
 * How many times its limit a body may be long and still be read to its end: a client reads its refusal only after it has
 * sent everything. What is beyond the limit is thrown away, so that memory stays bounded.
 */
export const patience = 16

/** A body as it comes in, kept up to the first piece beyond its limit: that is enough to refuse it. */
export class IncomingBody {
  readonly #pieces: Uint8Array[] = []
  #size = 0

  constructor(readonly maxSize: number) {}

  /** Takes the next piece; `false` if there were too many to read on. */
  add(piece: Uint8Array): boolean {
    if (this.#size <= this.maxSize) this.#pieces.push(piece)
    this.#size += piece.length
    return this.#size <= patience * this.maxSize
  }

  bytes(): Uint8Array {
    const [first] = this.#pieces
    return first && this.#pieces.length === 1 ? first : Buffer.concat(this.#pieces)
  }
}
