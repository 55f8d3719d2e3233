import type { Language } from './languages.js'
import type { BlogPost } from './posts.js'

/** Text made safe for HTML, in elements and in quoted attributes. */
export function html(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** One post: the autodiscovery goes into the head, the trackbacks under the text. */
export function postPage(
  language: Language,
  post: BlogPost,
  autodiscovery: string,
  trackbacks: string,
): string {
  const link = post.link && `<p class="about"><a href="${html(post.link)}">${html(post.link)}</a></p>`
  const main = `<article>
<h1>${html(post.title)}</h1>
<p class="date">${dateOf(post, language)}</p>
${post.html}
${link}
</article>
${trackbacks}`
  return layout(language, `${post.title} - ${language.name}`, autodiscovery, main)
}

/** The posts, and the form that publishes one; it suggests a post of the other blog to link to. */
export function indexPage(language: Language, posts: readonly BlogPost[], suggestion: string): string {
  const items = posts.map(
    (post) => `<li><a href="/posts/${post.number}">${html(post.title)}</a>
<span class="date">${dateOf(post, language)}</span></li>`,
  )
  const main = `<h1>${language.posts}</h1>
<ul class="posts">
${items.join('\n')}
</ul>
<form method="post" action="/posts">
<h2>${language.write}</h2>
<label>${language.title} <input name="title" required maxlength="200"></label>
<label>${language.text} <textarea name="text" required rows="5"></textarea></label>
<label>${language.link} <input name="link" type="url" required value="${html(suggestion)}"></label>
<button>${language.publish}</button>
</form>`
  return layout(language, language.name, '', main)
}

function dateOf(post: BlogPost, { lang, timeZone }: Language): string {
  const text = post.date.toLocaleDateString(lang, { dateStyle: 'long', timeZone })
  return `<time datetime="${post.date.toISOString()}">${text}</time>`
}

/** A whole page of the blog, with the links for its author at the foot. */
export function layout(language: Language, title: string, head: string, main: string): string {
  return `<!doctype html>
<html lang="${language.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${html(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
<script src="/trackbacks.js" defer></script>
${head}
</head>
<body>
<header>
<a class="name" href="/">${language.name}</a>
<p>${language.motto}</p>
</header>
<main>
${main}
</main>
<footer>
<nav aria-label="${language.forAuthor}">
<a href="/moderation/">${language.moderation}</a>
<a href="/moderation/sent">${language.sent}</a>
</nav>
</footer>
</body>
</html>
`
}
