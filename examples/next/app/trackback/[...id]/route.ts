// app/trackback/[...id]/route.ts
import { trackbacks } from '@/lib/trackbacks'

function handle(request: Request) {
  const clientIp = request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim()
  return trackbacks().receiver.fetch(request, { clientIp })
}

export { handle as DELETE, handle as GET, handle as HEAD, handle as OPTIONS, handle as POST, handle as PUT }
