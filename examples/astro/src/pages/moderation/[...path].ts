// src/pages/moderation/[...path].ts
import type { APIRoute } from 'astro'
import { trackbacks } from '../../lib/trackbacks.ts'

export const ALL: APIRoute = ({ request }) => trackbacks().moderation.fetch(request)
