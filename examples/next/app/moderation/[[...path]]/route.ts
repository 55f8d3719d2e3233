// app/moderation/[[...path]]/route.ts
import { trackbacks } from '@/lib/trackbacks'

const handle = (request: Request) => trackbacks().moderation.fetch(request)

export { handle as GET, handle as POST }
