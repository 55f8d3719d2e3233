/** The library's version, as the `User-Agent` and `trackbacks --version` say it. */
export const version = '0.1.0'
