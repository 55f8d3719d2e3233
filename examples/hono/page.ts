// page.ts
import { renderTrackbacks } from 'trackbacks'
import type { BlogPost } from './posts.ts'
import { trackbacks } from './trackbacks.ts'

/** Your template: what others discover stands in the head, the list under the post. */
export async function postPage(post: BlogPost) {
  const { receiver } = trackbacks()
  const list = renderTrackbacks(await receiver.view(post), { lang: 'en' })
  return `<!doctype html><html lang="en"><head>${receiver.autodiscovery(post)}</head><body>${post.html}${list}</body></html>`
}
