import type { Plugin } from 'rolldown'
import { parseAst } from 'rolldown/parseAst'

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

interface Edit {
  readonly at: number
  readonly text: string
}

/** Puts a counter into every branch of the modules that `isCounted` names; `globalThis.reached` holds the counts. */
export function countBranches(isCounted: (file: string) => boolean): Plugin {
  let places = 0
  return {
    name: 'count-branches',
    transform(code, file) {
      if (!isCounted(file)) return null
      const program = parseAst(code, { lang: file.endsWith('.ts') ? 'ts' : 'js' }) as unknown as Node
      const edits: Edit[] = []
      visit(program, edits, () => `reached[${places++}]++`)
      return { code: applied(code, edits), map: null }
    },
    banner: () => `const reached = (globalThis.reached = new Uint16Array(${places}));`,
  }
}

function visit(parent: Node, edits: Edit[], count: () => string): void {
  for (const [key, value] of Object.entries(parent)) {
    for (const child of [value].flat().filter(isNode)) {
      const [before, after] = around(parent.type, key, child, count)
      if (before !== '')
        edits.push({ at: child.type === 'BlockStatement' ? child.start + 1 : child.start, text: before })
      visit(child, edits, count)
      if (after !== '') edits.push({ at: child.end, text: after })
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

const STATEMENTS = new Set(
  'IfStatement.consequent IfStatement.alternate ForStatement.body ForOfStatement.body ForInStatement.body WhileStatement.body DoWhileStatement.body FunctionDeclaration.body FunctionExpression.body ArrowFunctionExpression.body CatchClause.body'.split(
    ' ',
  ),
)
const EXPRESSIONS = new Set(
  'ConditionalExpression.consequent ConditionalExpression.alternate LogicalExpression.right AssignmentPattern.right ArrowFunctionExpression.body'.split(
    ' ',
  ),
)

/** What is written before and after a part of the code that may or may not be run. */
function around(parent: string, key: string, child: Node, count: () => string): readonly [string, string] {
  const slot = `${parent}.${key}`
  if (slot === 'SwitchCase.consequent') return [`${count()};`, '']
  if (STATEMENTS.has(slot) && child.type === 'BlockStatement') return [`${count()};`, '']
  if (EXPRESSIONS.has(slot)) return [`(${count()},(`, '))']
  return STATEMENTS.has(slot) ? [`{${count()};`, '}'] : ['', '']
}

/** The code with the edits made; those at one place stay in their order. */
function applied(code: string, edits: readonly Edit[]): string {
  let at = 0
  const pieces: string[] = []
  for (const edit of edits.toSorted((a, b) => a.at - b.at)) {
    pieces.push(code.slice(at, edit.at), edit.text)
    at = edit.at
  }
  return pieces.join('') + code.slice(at)
}
