import { describe, it } from 'vitest'
import { createMemoryStore } from '../../../src/store/memory/store.js'
import { testStore } from '../../../src/testing/store.js'

describe('createMemoryStore', () => testStore(it, createMemoryStore))
