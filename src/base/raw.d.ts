/** The text of a file beside the code, which the build puts into it. */
declare module '*?raw' {
  const text: string
  export default text
}
