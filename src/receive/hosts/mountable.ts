import type { ReceiverResponse } from '../accept/answers.js'
import type { PingRequest } from '../options/request.js'

/** What can be mounted in a host: a receiver, or the page of moderation. */
export interface Mountable<HostRequest = unknown> {
  /** The path under which it answers, with a slash at its end: `mountPath`, or that of `baseUrl`. */
  readonly path: string
  /** Whether a path is one that it answers. */
  answers(path: string): boolean
  /** The largest body that is taken, in bytes; of a larger one a transport gives the beginning, one byte more or longer. */
  readonly maxBodySize: number
  /** Answers one request, whatever it is; never rejects. `host` is the request as the host itself gave it. */
  handle(request: PingRequest, host: HostRequest): Promise<ReceiverResponse>
  /** What is answered where something in front has read the body already. */
  readonly bodyConsumed: ReceiverResponse
  /** Hands an error of the transport to `onError`. */
  report(error: unknown): void
}
