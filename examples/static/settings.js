/** Where the pages are, and where the receiver is; both without a slash at the end. */
export const site = process.env.SITE ?? 'http://localhost:8080'
export const receiverUrl = process.env.RECEIVER ?? 'http://localhost:3000'
