import { renderTrackbacks } from 'trackbacks'
import { site } from './settings.js'

export default function (eleventy) {
  eleventy.addGlobalData('site', site)
  eleventy.addGlobalData('layout', 'post.njk')
  eleventy.addCollection('posts', (collection) => collection.getFilteredByGlob('posts/*.md'))
  // `listed` is what the receiver told of the post: _data/trackbacks.json by the post's id.
  eleventy.addFilter('trackbackList', (listed, title) => {
    return listed ? renderTrackbacks({ post: { title }, ...listed }, { lang: 'en', timeZone: 'UTC' }) : ''
  })
  return { dir: { output: '_site' } }
}
