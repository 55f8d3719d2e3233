/** What a query builder gives: it asks nothing before it is awaited, and is no promise. */
export function lazily<T>(find: () => T): PromiseLike<T> {
  return {
    // biome-ignore lint/suspicious/noThenProperty: it is what this is about
    then: (resolve, reject) => Promise.resolve().then(find).then(resolve, reject),
  }
}
