// app/post/[...id]/page.tsx
import { notFound } from 'next/navigation'
import { renderTrackbacks } from 'trackbacks'
import { posts } from '@/lib/posts'
import { trackbacks } from '@/lib/trackbacks'

export const dynamic = 'force-dynamic'

export default async function Page({ params }: { params: Promise<{ id: string[] }> }) {
  const { receiver } = trackbacks()
  const post = posts.get((await params).id.map(decodeURIComponent).join('/'))
  if (!post) notFound()
  const list = renderTrackbacks(await receiver.view(post), { lang: 'en' })
  return (
    <article>
      <link rel="trackback" href={receiver.pingUrl(post.id)} />
      <div dangerouslySetInnerHTML={{ __html: post.html + list + receiver.autodiscovery(post) }} />
    </article>
  )
}
