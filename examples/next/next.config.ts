// next.config.ts
import type { NextConfig } from 'next'

export default { skipTrailingSlashRedirect: true } satisfies NextConfig
