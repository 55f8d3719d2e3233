import type { Change } from '../requests/changes.js'

const counted = (count: number | string, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`
const trackbacks = (count: number): string => counted(count, 'trackback')

/** A table of words for names that may also be of others than us. */
export type Words = Readonly<Record<string, string>>

/** What was done, as it is said. */
type Done = Pick<Change, 'did' | 'count' | 'missing'>

/**
 * What the moderation page says in one language: this is English, which also stands in for a language that has no file
 * here. All of it is plain text, escaped where it is written out.
 */
export type PageMessages = typeof en

/** English. */
export const en = {
  /** The language, as `reasonText` names it. */
  lang: 'en' as 'en' | 'ja',
  dir: 'ltr' as 'ltr' | 'rtl',
  name: 'Trackbacks',
  skip: 'Skip to content',
  navigation: 'Lists of trackbacks',
  signedInAs: (user: string): string => `Signed in as ${user}`,
  search: 'Search',
  searchLabel: 'Search trackbacks',
  /** Lists that are not called as the state of what is in them. */
  lists: { spam: 'Spam and rejected', search: 'Search', blocks: 'Blocks' },
  intro: {
    held: 'Waiting for your decision, oldest first.',
    unverified: 'Their sources will be checked soon, or again later. You can decide now or wait.',
    published: 'Visible to your readers, newest first.',
    spam: 'Hidden from readers. Deleted automatically after a while.',
    removed: 'Removed by you. They stay removed even if they are sent again.',
    search: 'Searches URL, title, excerpt and blog name in every list.',
    blocks: 'Pings from these are rejected.',
  },
  deadline: (days: number): string => `Without a decision they are deleted after ${counted(days, 'day')}.`,
  empty: 'Nothing here.',
  found: (text: string): string => `Found for “${text}”`,
  /** The trackbacks of a page among all of its list. */
  range: (from: number, to: number, total: string): string => `${from}–${to} of ${total}`,
  toPost: (post: string): string => `To “${post}”`,
  ofBlog: (blog: string): string => `Blog: ${blog}`,
  showAll: 'Show all',
  samePost: 'All for this post',
  sameHost: 'All from this host',
  sameBlog: 'All of this blog',
  select: (title: string): string => `Select “${title}”`,
  selectAll: 'Select all on this page',
  selectMatching: (total: string): string => `Select all ${total} that match`,
  allSelected: (total: string): string => `All ${total} that match are selected.`,
  selectNone: 'Select none',
  emptyList: (total: string): string => `Remove all ${total}`,
  withSelected: 'Selected:',
  more: 'More',
  pages: 'Pages',
  previousPage: 'Previous page',
  nextPage: 'Next page',
  next: 'Next trackback',
  actions: {
    publish: 'Publish',
    hold: 'Hold',
    reject: 'Reject',
    remove: 'Remove',
    spam: 'Spam',
    notSpam: 'Not spam, publish',
    block: 'Spam and block host',
  },
  states: {
    unverified: 'Being verified',
    held: 'Waiting',
    published: 'Published',
    rejected: 'Rejected',
    removed: 'Removed',
    spam: 'Spam',
  },
  labels: {
    blogName: 'Blog',
    excerpt: 'Excerpt',
    passage: 'Text around the link',
    post: 'Your post',
    reason: 'Reason',
    title: 'Title',
    url: 'Source',
    sourceKey: 'Source key',
    charset: 'Character set',
    receivedAt: 'Received',
    clientIp: 'Client IP',
    outcome: 'Outcome',
    checkedAt: 'Last checked',
    attempts: 'Times checked',
    finalUrl: 'Redirects to',
    pageTitle: 'Title of the page',
  },
  /** The headings of the parts of a trackback's own page. */
  parts: {
    received: 'Received data',
    verification: 'Verification',
    checks: 'Spam checks',
    history: 'History',
    decide: 'Actions',
    block: 'Block',
  },
  notVerified: 'The source has not been checked yet.',
  noChecks: 'Not checked for spam yet.',
  noHistory: 'No history yet.',
  noPassage: 'No link to the post was found.',
  score: (score: string, checks = ''): string => `Score ${score}${checks && `: ${checks}`}`,
  policy: 'Automatic',
  author: 'The author',
  noteLabel: 'Note (optional, kept in the history)',
  blockNames: { host: 'Host', source: 'Source', address: 'Client' },
  blockValueLabel: 'Host, URL (with /* at its end: all below), IP address or range (192.0.2.0/24)',
  blockButton: { host: 'Block the host', source: 'Block this source', address: 'Block the client' },
  checkBlock: 'Check',
  /** What a block would be about: what was received from there until now. */
  affects: (spam: number, published: number, waiting: number, isMore: boolean): string =>
    `${isMore ? 'The newest trackbacks from there: ' : 'Received from there: '}${spam} spam or rejected, ${published} published, ${waiting} waiting.`,
  affectsReaders:
    'Your readers see trackbacks from there. One host can carry many blogs: block the path of one (as a source), not the host.',
  /** Why what was typed cannot be blocked; anything else is `invalid`. */
  blockProblems: {
    invalid: 'Enter a host name, an http or https URL, an IP address, or a range such as 192.0.2.0/24.',
    'wide-range': 'This range is too wide: it must have at least /8 (IPv4) or /16 (IPv6).',
    'public-suffix':
      'Anybody can have a blog below this name, and a block would refuse them all. Block one of them.',
  } as Words,
  unblock: 'Unblock',
  undo: 'Undo',
  done({ did, count, missing }: Done, hosts: string, spared: string): string {
    const said = {
      publish: `${trackbacks(count)} published.`,
      hold: `${trackbacks(count)} put on hold.`,
      reject: `${trackbacks(count)} rejected.`,
      remove: `${trackbacks(count)} removed.`,
      spam: `${trackbacks(count)} marked as spam.`,
      notSpam: `${trackbacks(count)} marked as not spam and published.`,
      block: `${trackbacks(count)} marked as spam.${hosts && ` Blocked: ${hosts}.`}${spared && ` Not blocked, because it would also affect others: ${spared}.`}`,
      undo: 'Undone.',
      'add-block': `Blocked: ${hosts}.`,
      'no-block': 'Nothing was blocked: the entry is invalid, or there are 10,000 blocks already.',
      unblock: count > 0 ? 'Unblocked.' : 'There was no such block.',
      nothing: 'Nothing changed. Select trackbacks first, then choose an action.',
    }[did]
    if (missing === 0 || did === 'unblock') return said
    if (did === 'undo') return `${said} ${trackbacks(missing)} changed in the meantime and stayed unchanged.`
    return `${said} ${trackbacks(missing)} no longer exist.`
  },
  /** Why a request was not served: what is wrong, and then what follows from it. */
  problems: {
    denied: 'You may not moderate trackbacks here.',
    ended: 'You are no longer signed in. Nothing was changed.',
    foreign: 'This form did not come from this page. Nothing was changed.',
    forged: 'This form is not valid for your account. Nothing was changed.',
    expired: 'This form has expired. Nothing was changed. Open the list again and retry.',
    used: 'This form was already submitted. Its action was done once.',
    unknown: 'There is no such action. Nothing was changed.',
    size: 'This form is too large. Nothing was changed.',
    type: 'This is not a form of this page. Nothing was changed.',
    method: 'This page accepts only GET and POST.',
    absent: 'Not found. It may have been deleted.',
    failure: 'Something went wrong. Please try again later.',
  },
  back: 'Back to the list',
  checkNames: {
    link: 'Link',
    claim: 'Title',
    'top-page': 'Top page',
    urls: 'URLs',
    blocked: 'Own lists',
    'repeated-text': 'Repeated text',
    'known-host': 'Known host',
    'dns-list': 'DNS lists',
    akismet: 'Akismet',
  } as Words,
  charsetSources: {
    'content-type': 'declared in the header',
    field: 'declared in a field',
    bom: 'by its byte order mark',
    'utf-8': 'the bytes are UTF-8',
    escape: 'by its escape sequences',
    detected: 'detected',
  } as Words,
  /** The keys of the page's script, as they are listed. */
  keysLabel: 'Keys',
  keys: 'j, k: next, previous trackback · x: select · p: publish · s: spam · u: undo · /: search · ?: these keys',
}
