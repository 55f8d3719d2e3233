export { type ListenOptions, type Queue, type QueuedJob, RetryLater } from './queue/queue.js'
export type {
  Job,
  JobStore,
  NewJob,
  NewTrackback,
  RecordStore,
  Store,
  Trackback,
  TrackbackChange,
} from './store/store.js'
export { testQueue } from './testing/queue.js'
export type { TestFunction } from './testing/sample.js'
export { testStore } from './testing/store.js'
