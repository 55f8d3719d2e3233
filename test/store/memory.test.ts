import { describe, it } from 'vitest'
import { testStore } from '../../src/store/contract.js'
import { createMemoryStore } from '../../src/store/memory.js'

describe('createMemoryStore', () => testStore(it, createMemoryStore))
